package io.daxconv.converter.compress;

import java.io.Closeable;
import java.nio.ByteBuffer;

/** A decoder of raw deflate data (RFC 1951). Not for more than one thread at a time. */
sealed interface Inflate extends Closeable permits IsalInflate, JdkInflate {
  /** The most bytes of the input before its position that {@link #inflate} may give back. */
  int MAX_UNREAD = 8;

  /** Makes ready for data that has nothing to do with what came before. */
  void reset();

  /**
   * Decodes until the input is used, the output is full or the data ends. Both buffers are direct,
   * and their positions move past what was used and what was written. Where the data ends, the
   * input stands at the first byte behind it: the decoder may have taken up to {@link #MAX_UNREAD}
   * bytes more, over several calls, which must still stand before the buffer's position.
   *
   * @return whether the data has ended
   * @throws CompressionException if it is no deflate data
   */
  boolean inflate(ByteBuffer in, ByteBuffer out) throws CompressionException;

  @Override
  void close();

  /** What an error says of data that cannot be decoded. */
  static CompressionException corrupt(String what) {
    return new CompressionException("corrupt layer: its gzip data cannot be read: " + what);
  }
}

package io.daxconv.converter.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Compressed bytes on their way to a decoder. In front of the bytes that have not been used stand
 * the last ones that have, so that a decoder can give some back.
 */
final class InputBuffer {
  /** Small enough for the nearest caches, large enough that reading costs nothing. */
  private static final int SIZE = 1 << 17;

  private final ByteBuffer buffer;
  private final int kept;

  /**
   * An empty buffer.
   *
   * @param kept how many used bytes stay in front
   */
  InputBuffer(int kept) {
    this.kept = kept;
    this.buffer = ByteBuffer.allocateDirect(kept + SIZE).position(kept).limit(kept);
  }

  /** The bytes that have not been used; direct. */
  ByteBuffer bytes() {
    return buffer;
  }

  /** Reads more where all is used; false where there is no more. */
  boolean fill(ReadableByteChannel from) throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    int end = buffer.limit();
    for (int i = 1; i <= kept; i++) {
      buffer.put(kept - i, buffer.get(end - i));
    }
    buffer.position(kept).limit(buffer.capacity());
    int read;
    do {
      read = from.read(buffer);
    } while (read == 0);
    buffer.limit(buffer.position()).position(kept);
    return read > 0;
  }
}

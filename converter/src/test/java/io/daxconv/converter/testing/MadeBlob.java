package io.daxconv.converter.testing;

import io.daxconv.converter.source.TarLayer;
import java.io.InputStream;
import java.util.function.LongFunction;

/** A blob that is made while it is read, so that it may be endless. */
public final class MadeBlob extends InputStream {
  private final LongFunction<byte[]> pieces;
  private long count;
  private byte[] piece = {};
  private int at;

  private MadeBlob(LongFunction<byte[]> pieces) {
    this.pieces = pieces;
  }

  /**
   * A layer.
   *
   * @param size how many bytes the blob is said to have; -1 for nothing said
   * @param pieces the first, the second and so on; an empty one ends it
   */
  public static TarLayer layer(long size, LongFunction<byte[]> pieces) {
    return new TarLayer("layer 1 of 1", null, size, null, () -> new MadeBlob(pieces));
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (at == piece.length) {
      piece = pieces.apply(count++);
      at = 0;
    }
    if (piece.length == 0) {
      return -1;
    }
    int some = Math.min(length, piece.length - at);
    System.arraycopy(piece, at, into, offset, some);
    at += some;
    return some;
  }
}

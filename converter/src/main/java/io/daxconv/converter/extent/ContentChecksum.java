package io.daxconv.converter.extent;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The CRC32C of a file's bytes, to which any number of zeros is added in a few steps: a hole may be
 * larger than anything that can be read.
 *
 * <p>A CRC is the remainder of the bytes, taken as a polynomial over GF(2), by the generator. The
 * remainder of A followed by n bytes B is that of A, times x to the power of 8n, plus that of B.
 * The inversions before and after, which CRC32C has (RFC 3720, appendix B.4), cancel out in that
 * sum.
 */
final class ContentChecksum {
  /** The generator without its highest term; the highest bit is the lowest power. */
  private static final int GENERATOR = 0x82f63b78;

  /** The polynomials 1 and x to the power of 8. */
  private static final int ONE = 1 << 31;

  private static final int BYTE = 1 << 23;

  private final CRC32C piece = new CRC32C();
  private long pieceLength;
  private int before;

  /** The next bytes. */
  void data(ByteBuffer bytes) {
    pieceLength += bytes.remaining();
    piece.update(bytes);
  }

  /** The next bytes are this many zeros. */
  void zeros(long count) {
    before = followed(value(), ~times(~0, power(count)), count);
    piece.reset();
    pieceLength = 0;
  }

  /** The checksum of all so far. */
  int value() {
    return followed(before, (int) piece.getValue(), pieceLength);
  }

  /** The checksum of bytes with one checksum, and behind them {@code count} with another. */
  private static int followed(int first, int second, long count) {
    return times(first, power(count)) ^ second;
  }

  /** x to the power of 8 times a number. */
  private static int power(long bytes) {
    int power = ONE;
    int square = BYTE;
    for (long left = bytes; left != 0; left >>>= 1) {
      if ((left & 1) != 0) {
        power = times(power, square);
      }
      square = times(square, square);
    }
    return power;
  }

  /** The product of two polynomials, reduced by the generator. */
  private static int times(int one, int other) {
    int product = 0;
    int shifted = other;
    for (int bits = one; bits != 0; bits <<= 1) {
      product ^= shifted & (bits >> 31);
      shifted = (shifted >>> 1) ^ (GENERATOR & -(shifted & 1));
    }
    return product;
  }
}

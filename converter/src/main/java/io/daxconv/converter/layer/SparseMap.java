package io.daxconv.converter.layer;

import java.util.Arrays;

/**
 * Where the stored bytes of a sparse file belong: pairs of offset and length, ascending, apart from
 * each other and inside the file.
 */
public final class SparseMap {
  /** More pieces than any tool writes; each costs 16 bytes of memory. */
  static final int MAX_PIECES = 1_000_000;

  private final long[] pairs;
  private final long storedSize;

  private SparseMap(long[] pairs, long storedSize) {
    this.pairs = pairs;
    this.storedSize = storedSize;
  }

  /**
   * A checked map.
   *
   * @param pairs offset and length by turns
   * @param realSize the file's size with its holes
   * @param storedSize the bytes that the archive stores for it
   */
  static SparseMap of(long[] pairs, long realSize, long storedSize) throws TarFormatException {
    if (realSize < 0) {
      throw new TarFormatException(
          "sparse map: expected a file of 0 bytes or more, found " + realSize);
    }
    long end = 0;
    long sum = 0;
    for (int i = 0; i < pairs.length; i += 2) {
      long offset = pairs[i];
      long length = pairs[i + 1];
      if (offset < end || length < 0 || offset > realSize || length > realSize - offset) {
        throw new TarFormatException(
            "sparse map: expected ascending pieces within "
                + realSize
                + " bytes, found "
                + length
                + " bytes at "
                + offset);
      }
      end = offset + length;
      sum += length;
    }
    if (sum != storedSize) {
      throw new TarFormatException(
          "sparse map: expected pieces of " + storedSize + " stored bytes in all, found " + sum);
    }
    return new SparseMap(pairs, storedSize);
  }

  /**
   * A map of a file of which no more is known than how much of it is stored.
   *
   * @param realSize the file's size with its holes
   */
  public static SparseMap withHoles(long realSize, long storedSize) throws TarFormatException {
    return of(new long[] {0, storedSize}, realSize, storedSize);
  }

  int pieces() {
    return pairs.length / 2;
  }

  long offset(int piece) {
    return pairs[2 * piece];
  }

  long length(int piece) {
    return pairs[2 * piece + 1];
  }

  /** The bytes that the archive has of the file. */
  public long storedSize() {
    return storedSize;
  }

  /** Collects pairs while a map is being read. */
  static final class Builder {
    private long[] values = new long[16];
    private int count;

    void add(long value) throws TarFormatException {
      if (count == 2 * MAX_PIECES) {
        throw new TarFormatException("sparse map: expected at most " + MAX_PIECES + " pieces");
      }
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }

    void addAll(Builder other) {
      for (int i = 0; i < other.count; i++) {
        if (count == values.length) {
          values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = other.values[i];
      }
    }

    boolean isEmpty() {
      return count == 0;
    }

    long[] pairs() throws TarFormatException {
      if (count % 2 != 0) {
        throw new TarFormatException("sparse map: expected pairs, found an offset with no length");
      }
      return Arrays.copyOf(values, count);
    }
  }
}

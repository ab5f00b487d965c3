package io.daxconv.converter.extent;

/**
 * Finds extents by checksum and size: open addressing in plain arrays, for there may be millions. A
 * search looks at a bounded number of slots, so that contents made to collide cost some sharing but
 * no time; which of them are shared does not depend on anything but the contents and their order.
 */
final class ExtentIndex {
  /** The most slots that a search or an insertion looks at. */
  private static final int MAX_PROBES = 64;

  private long[] keys = new long[1 << 10];
  private long[] sizes = new long[1 << 10];
  private long[] offsets = new long[1 << 10];
  private int count;

  /** Adds an extent; forgets it if its neighbourhood is full. Offsets are never 0. */
  void add(int crc, long size, long offset) {
    if (2 * count >= keys.length) {
      grow();
    }
    if (insert(key(crc, size), size, offset)) {
      count++;
    }
  }

  Candidates candidates(int crc, long size) {
    return new Candidates(key(crc, size), size);
  }

  /** The extents of one checksum and size, one after another. */
  final class Candidates {
    private final long key;
    private final long size;
    private int probe = -1;

    private Candidates(long key, long size) {
      this.key = key;
      this.size = size;
    }

    /** Goes to the next one; false if there is none. */
    boolean next() {
      while (++probe < MAX_PROBES) {
        int slot = slot(key, probe);
        if (offsets[slot] == 0) {
          return false;
        }
        if (keys[slot] == key && sizes[slot] == size) {
          return true;
        }
      }
      return false;
    }

    long offset() {
      return offsets[slot(key, probe)];
    }
  }

  private boolean insert(long key, long size, long offset) {
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      int slot = slot(key, probe);
      if (offsets[slot] == 0) {
        keys[slot] = key;
        sizes[slot] = size;
        offsets[slot] = offset;
        return true;
      }
    }
    return false;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldSizes = sizes;
    long[] oldOffsets = offsets;
    keys = new long[2 * oldKeys.length];
    sizes = new long[keys.length];
    offsets = new long[keys.length];
    count = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldOffsets[i] != 0 && insert(oldKeys[i], oldSizes[i], oldOffsets[i])) {
        count++;
      }
    }
  }

  private int slot(long key, int probe) {
    return (int) (key + probe) & (keys.length - 1);
  }

  private static long key(int crc, long size) {
    long h = (Integer.toUnsignedLong(crc) << 32) ^ size;
    h = (h ^ (h >>> 32)) * 0x9e3779b97f4a7c15L;
    return h ^ (h >>> 29);
  }
}

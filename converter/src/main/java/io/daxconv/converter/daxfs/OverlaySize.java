package io.daxconv.converter.daxfs;

/**
 * How large an overlay region is. Its header has a block, then come the buckets of the hash table
 * in whole blocks, then the pool that inodes, directory entries and data pages are allocated from.
 *
 * @param pool bytes of the pool; rounded up to whole blocks where the region is placed
 * @param buckets a power of two
 */
public record OverlaySize(long pool, int buckets) {
  /** Two blocks and no pool: whatever executes finds its mappings, and nothing can be written. */
  public static final OverlaySize SMALLEST = new OverlaySize(0, 1);

  /** What mkdaxfs allocates where it is not told. */
  public static final long DEFAULT_POOL = 64L << 20;

  /** More than any machine has as memory; sums with it fit a long. */
  public static final long MOST_POOL = 1L << 50;

  /** mkdaxfs's number of buckets where it is not told; kerf's builder never has fewer. */
  private static final int USUAL_BUCKETS = 1 << 16;

  public static final int MOST_BUCKETS = 1 << 30;

  public OverlaySize {
    if (pool < 0 || pool > MOST_POOL) {
      throw new IllegalArgumentException(
          "overlay: expected at most " + MOST_POOL + " bytes of pool, found " + pool);
    }
    if (Integer.bitCount(buckets) != 1 || buckets < 1) {
      throw new IllegalArgumentException(
          "buckets: expected a power of two, at most " + MOST_BUCKETS + ", found " + buckets);
    }
  }

  /**
   * A pool with as many buckets as it needs: twice its pages, and no fewer than mkdaxfs has. With
   * mkdaxfs's own number, the table of a larger pool fills before the pool does.
   */
  public static OverlaySize of(long pool, int blockSize) {
    long least = 2 * wholeBlocks(Math.min(pool, MOST_POOL), blockSize) / blockSize;
    int buckets = USUAL_BUCKETS;
    while (buckets < least && buckets < MOST_BUCKETS) {
      buckets <<= 1;
    }
    return new OverlaySize(pool, buckets);
  }

  /** Bytes of the pool in whole blocks. */
  public long poolBytes(int blockSize) {
    return wholeBlocks(pool, blockSize);
  }

  /** Where the pool starts in the region. */
  public long poolOffset(int blockSize) {
    return blockSize + wholeBlocks((long) buckets * OverlayHeader.BUCKET_SIZE, blockSize);
  }

  /** Bytes of the whole region. */
  public long bytes(int blockSize) {
    return poolOffset(blockSize) + poolBytes(blockSize);
  }

  /** The logarithm of the number of buckets. */
  public int bucketShift() {
    return Integer.numberOfTrailingZeros(buckets);
  }

  /**
   * The header of a region that nobody has written to.
   *
   * @param nextInode the first inode number that the base image leaves free
   */
  public OverlayHeader header(int blockSize, long nextInode) {
    return new OverlayHeader(
        OverlayHeader.MAGIC,
        OverlayHeader.VERSION,
        blockSize,
        poolOffset(blockSize),
        poolBytes(blockSize),
        0,
        nextInode,
        OverlayHeader.NONE,
        OverlayHeader.NONE,
        OverlayHeader.NONE);
  }

  private static long wholeBlocks(long bytes, int blockSize) {
    return (bytes + blockSize - 1) & -(long) blockSize;
  }
}

package io.daxconv.converter.daxfs;

/**
 * How large a page cache region is: a block for its header, the slots' metadata in whole blocks,
 * and a block for each slot.
 *
 * @param slots a power of two, at least {@link #LEAST}
 */
public record PageCacheSize(int slots) {
  /** The module mounts with no fewer. */
  public static final int LEAST = 8;

  public static final int MOST = 1 << 30;

  /** mkdaxfs has no fewer where it chooses. */
  private static final int LEAST_CHOSEN = 16;

  public PageCacheSize {
    if (Integer.bitCount(slots) != 1 || slots < LEAST) {
      throw new IllegalArgumentException(
          "pcache-slots: expected a power of two from "
              + LEAST
              + " to "
              + MOST
              + ", found "
              + slots);
    }
  }

  /** As mkdaxfs chooses: the greatest power of two that is at most the pages of the data. */
  public static PageCacheSize of(long dataBytes, int blockSize) {
    long pages = (dataBytes + blockSize - 1) / blockSize;
    long slots = Math.clamp(Long.highestOneBit(pages), LEAST_CHOSEN, MOST);
    return new PageCacheSize((int) slots);
  }

  /** Where the slots' blocks start in the region. */
  public long slotDataOffset(int blockSize) {
    long meta = (long) slots * PageCacheHeader.SLOT_META_SIZE;
    return blockSize + ((meta + blockSize - 1) & -(long) blockSize);
  }

  /** Bytes of the whole region. */
  public long bytes(int blockSize) {
    return slotDataOffset(blockSize) + (long) slots * blockSize;
  }

  /** The logarithm of the number of slots. */
  public int hashShift() {
    return Integer.numberOfTrailingZeros(slots);
  }

  /** The header of a region whose slots are all free. */
  public PageCacheHeader header(int blockSize) {
    return new PageCacheHeader(
        PageCacheHeader.MAGIC, PageCacheHeader.VERSION, blockSize, slotDataOffset(blockSize), 0, 0);
  }
}

package io.daxconv.converter.daxfs;

import org.jspecify.annotations.Nullable;

/**
 * Where the entries of a directory stand in the base image, all of them inside it.
 *
 * @param offset the first entry, from the start of the base image
 * @param count how many there are
 */
public record DirectoryArray(long offset, long count) {

  /** Whether a directory's size is a whole number of entries. */
  public static boolean isWhole(InodeEntry directory) {
    return Long.remainderUnsigned(directory.size(), DirectoryEntry.COUNTED_SIZE) == 0;
  }

  /** The bytes that the entries need; the size may be too large to be true. */
  public static Extent extent(InodeEntry directory) {
    long count = Long.divideUnsigned(directory.size(), DirectoryEntry.COUNTED_SIZE);
    boolean countable = count <= Long.MAX_VALUE / DirectoryEntry.STRIDE;
    return new Extent(
        directory.dataOffset(), countable ? count * DirectoryEntry.STRIDE : Long.MAX_VALUE);
  }

  /** The array of a directory; null if it is cut short or its size is none. */
  public static @Nullable DirectoryArray of(InodeEntry directory, long baseSize) {
    Extent extent = extent(directory);
    return isWhole(directory) && extent.within(baseSize)
        ? new DirectoryArray(extent.offset(), extent.size() / DirectoryEntry.STRIDE)
        : null;
  }

  /** Where the base image has an entry; the first is entry 0. */
  public long position(long entry) {
    return offset + entry * DirectoryEntry.STRIDE;
  }
}

package io.daxconv.converter.daxfs;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a base image that are known to hold the whole inode table. Reads what stands there,
 * right or wrong; only offsets that were checked may be asked for.
 */
public final class BaseImage {
  private final MemorySegment bytes;
  private final long start;
  private final long table;
  private final long inodeCount;

  private BaseImage(MemorySegment bytes, long start, long table, long inodeCount) {
    this.bytes = bytes;
    this.start = start;
    this.table = table;
    this.inodeCount = inodeCount;
  }

  /** The base image of an image; null if there is none or it and its table are not all there. */
  public static @Nullable BaseImage of(Superblock superblock, MemorySegment image) {
    Extent base = new Extent(superblock.baseOffset(), superblock.baseSize());
    Extent table = SuperblockRules.inodeTable(superblock);
    boolean usable =
        base.offset() >= Superblock.SIZE
            && base.within(image.byteSize())
            && table.within(base.size())
            && table.size() > 0;
    return usable
        ? new BaseImage(
            image.asSlice(base.offset(), base.size()),
            base.offset(),
            table.offset(),
            table.size() / InodeEntry.SIZE)
        : null;
  }

  public MemorySegment bytes() {
    return bytes;
  }

  public long size() {
    return bytes.byteSize();
  }

  /** Where the image has a byte of the base image. */
  public long positionInImage(long offset) {
    return start + offset;
  }

  public long inodeCount() {
    return inodeCount;
  }

  /** Where the base image has a slot of the inode table; the first is slot 1. */
  public long slot(long number) {
    return table + (number - 1) * InodeEntry.SIZE;
  }

  /** What stands in a slot from 1 to {@link #inodeCount}. */
  public InodeEntry inode(long number) {
    return InodeEntry.read(bytes, slot(number));
  }

  /** How many directory entries fit side by side; directories together cannot have more. */
  public long entryRoom() {
    return size() / DirectoryEntry.STRIDE;
  }
}

package io.daxconv.converter.daxfs;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;
import static io.daxconv.converter.format.Fields.zeros;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * The superblock at the start of a DAXFS image, version 8 ({@code struct daxfs_super} in the kernel
 * module's {@code daxfs_format.h}). Sizes and offsets are in bytes; offsets are from the start of
 * the image unless told otherwise. An offset of zero means that the region is not there.
 *
 * @param magic {@link #MAGIC}
 * @param version {@link #VERSION}
 * @param blockSize the page size of the kernels that can mount the image
 * @param reserved zero
 * @param totalSize the whole image
 * @param baseOffset the base image
 * @param baseSize the base image
 * @param inodeOffset the inode table, from the start of the base image
 * @param inodeCount how many inodes the table holds, unsigned
 * @param rootInode always 1
 * @param dataOffset the data area, from the start of the base image; informative
 * @param overlayOffset the overlay region
 * @param overlaySize the overlay region
 * @param overlayBucketCount a power of two
 * @param overlayBucketShift its logarithm to base 2
 * @param pageCacheOffset the page cache region
 * @param pageCacheSize the page cache region
 * @param pageCacheSlotCount a power of two, at least 8
 * @param pageCacheHashShift its logarithm to base 2
 */
public record Superblock(
    int magic,
    int version,
    int blockSize,
    int reserved,
    long totalSize,
    long baseOffset,
    long baseSize,
    long inodeOffset,
    int inodeCount,
    int rootInode,
    long dataOffset,
    long overlayOffset,
    long overlaySize,
    int overlayBucketCount,
    int overlayBucketShift,
    long pageCacheOffset,
    long pageCacheSize,
    int pageCacheSlotCount,
    int pageCacheHashShift) {
  public static final int MAGIC = 0x64617835;
  public static final int VERSION = 8;
  public static final int ROOT_INODE = 1;

  /** The superblock's own size; the block it stands in may be larger. */
  public static final int SIZE = 4096;

  /** Where the bytes start that the module does not read. */
  public static final int FIRST_UNREAD_BYTE = 112;

  static final StructLayout LAYOUT =
      struct(
          "daxfs_super",
          SIZE,
          u32("magic"),
          u32("version"),
          u32("block_size"),
          u32("reserved"),
          u64("total_size"),
          u64("base_offset"),
          u64("base_size"),
          u64("inode_offset"),
          u32("inode_count"),
          u32("root_inode"),
          u64("data_offset"),
          u64("overlay_offset"),
          u64("overlay_size"),
          u32("overlay_bucket_count"),
          u32("overlay_bucket_shift"),
          u64("pcache_offset"),
          u64("pcache_size"),
          u32("pcache_slot_count"),
          u32("pcache_hash_shift"),
          zeros(SIZE - FIRST_UNREAD_BYTE));

  private static final VarHandle MAGIC_FIELD = handle(LAYOUT, "magic");
  private static final VarHandle VERSION_FIELD = handle(LAYOUT, "version");
  private static final VarHandle BLOCK_SIZE = handle(LAYOUT, "block_size");
  private static final VarHandle RESERVED = handle(LAYOUT, "reserved");
  private static final VarHandle TOTAL_SIZE = handle(LAYOUT, "total_size");
  private static final VarHandle BASE_OFFSET = handle(LAYOUT, "base_offset");
  private static final VarHandle BASE_SIZE = handle(LAYOUT, "base_size");
  private static final VarHandle INODE_OFFSET = handle(LAYOUT, "inode_offset");
  private static final VarHandle INODE_COUNT = handle(LAYOUT, "inode_count");
  private static final VarHandle ROOT_INODE_FIELD = handle(LAYOUT, "root_inode");
  private static final VarHandle DATA_OFFSET = handle(LAYOUT, "data_offset");
  private static final VarHandle OVERLAY_OFFSET = handle(LAYOUT, "overlay_offset");
  private static final VarHandle OVERLAY_SIZE = handle(LAYOUT, "overlay_size");
  private static final VarHandle OVERLAY_BUCKETS = handle(LAYOUT, "overlay_bucket_count");
  private static final VarHandle OVERLAY_SHIFT = handle(LAYOUT, "overlay_bucket_shift");
  private static final VarHandle PCACHE_OFFSET = handle(LAYOUT, "pcache_offset");
  private static final VarHandle PCACHE_SIZE = handle(LAYOUT, "pcache_size");
  private static final VarHandle PCACHE_SLOTS = handle(LAYOUT, "pcache_slot_count");
  private static final VarHandle PCACHE_SHIFT = handle(LAYOUT, "pcache_hash_shift");

  /** Reads the {@link #SIZE} bytes at an offset; any bytes give a superblock, right or wrong. */
  public static Superblock read(MemorySegment image, long at) {
    return new Superblock(
        (int) MAGIC_FIELD.get(image, at),
        (int) VERSION_FIELD.get(image, at),
        (int) BLOCK_SIZE.get(image, at),
        (int) RESERVED.get(image, at),
        (long) TOTAL_SIZE.get(image, at),
        (long) BASE_OFFSET.get(image, at),
        (long) BASE_SIZE.get(image, at),
        (long) INODE_OFFSET.get(image, at),
        (int) INODE_COUNT.get(image, at),
        (int) ROOT_INODE_FIELD.get(image, at),
        (long) DATA_OFFSET.get(image, at),
        (long) OVERLAY_OFFSET.get(image, at),
        (long) OVERLAY_SIZE.get(image, at),
        (int) OVERLAY_BUCKETS.get(image, at),
        (int) OVERLAY_SHIFT.get(image, at),
        (long) PCACHE_OFFSET.get(image, at),
        (long) PCACHE_SIZE.get(image, at),
        (int) PCACHE_SLOTS.get(image, at),
        (int) PCACHE_SHIFT.get(image, at));
  }

  /** Writes the fields at an offset and leaves the bytes that the module does not read alone. */
  public void write(MemorySegment image, long at) {
    MAGIC_FIELD.set(image, at, magic);
    VERSION_FIELD.set(image, at, version);
    BLOCK_SIZE.set(image, at, blockSize);
    RESERVED.set(image, at, reserved);
    TOTAL_SIZE.set(image, at, totalSize);
    BASE_OFFSET.set(image, at, baseOffset);
    BASE_SIZE.set(image, at, baseSize);
    INODE_OFFSET.set(image, at, inodeOffset);
    INODE_COUNT.set(image, at, inodeCount);
    ROOT_INODE_FIELD.set(image, at, rootInode);
    DATA_OFFSET.set(image, at, dataOffset);
    OVERLAY_OFFSET.set(image, at, overlayOffset);
    OVERLAY_SIZE.set(image, at, overlaySize);
    OVERLAY_BUCKETS.set(image, at, overlayBucketCount);
    OVERLAY_SHIFT.set(image, at, overlayBucketShift);
    PCACHE_OFFSET.set(image, at, pageCacheOffset);
    PCACHE_SIZE.set(image, at, pageCacheSize);
    PCACHE_SLOTS.set(image, at, pageCacheSlotCount);
    PCACHE_SHIFT.set(image, at, pageCacheHashShift);
  }
}

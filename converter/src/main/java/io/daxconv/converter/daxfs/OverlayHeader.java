package io.daxconv.converter.daxfs;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * The head of the overlay region ({@code struct daxfs_overlay_header}), which makes a mount
 * writable. Images carry at least the smallest there is, two blocks with one bucket and no pool:
 * without any, the module refuses writable mappings, private ones too, and no dynamic loader runs.
 *
 * @param magic {@link #MAGIC}
 * @param version {@link #VERSION}
 * @param bucketOffset from the start of the region: one block
 * @param poolOffset from the start of the region
 * @param poolSize bytes of the pool
 * @param poolAllocated bytes of the pool in use
 * @param nextInode the first number free for new inodes
 * @param freeInode head of the list of free inodes, or {@link #NONE}
 * @param freeData head of the list of free data pages, or {@link #NONE}
 * @param freeDirent head of the list of free directory entries, or {@link #NONE}
 */
public record OverlayHeader(
    int magic,
    int version,
    long bucketOffset,
    long poolOffset,
    long poolSize,
    long poolAllocated,
    long nextInode,
    long freeInode,
    long freeData,
    long freeDirent) {
  public static final int MAGIC = 0x6f766c79;
  public static final int VERSION = 2;
  public static final long NONE = -1;
  public static final int BUCKET_SIZE = 16;

  /** The fields; the header has a whole block. */
  public static final int SIZE = 72;

  static final StructLayout LAYOUT =
      struct(
          "daxfs_overlay_header",
          SIZE,
          u32("magic"),
          u32("version"),
          u64("bucket_offset"),
          u64("pool_offset"),
          u64("pool_size"),
          u64("pool_alloc"),
          u64("next_ino"),
          u64("free_inode"),
          u64("free_data"),
          u64("free_dirent"));

  private static final VarHandle MAGIC_FIELD = handle(LAYOUT, "magic");
  private static final VarHandle VERSION_FIELD = handle(LAYOUT, "version");
  private static final VarHandle BUCKET_OFFSET = handle(LAYOUT, "bucket_offset");
  private static final VarHandle POOL_OFFSET = handle(LAYOUT, "pool_offset");
  private static final VarHandle POOL_SIZE = handle(LAYOUT, "pool_size");
  private static final VarHandle POOL_ALLOC = handle(LAYOUT, "pool_alloc");
  private static final VarHandle NEXT_INO = handle(LAYOUT, "next_ino");
  private static final VarHandle FREE_INODE = handle(LAYOUT, "free_inode");
  private static final VarHandle FREE_DATA = handle(LAYOUT, "free_data");
  private static final VarHandle FREE_DIRENT = handle(LAYOUT, "free_dirent");

  /** The header of a region of two blocks: one bucket, no pool. */
  public static OverlayHeader smallest(int blockSize, int inodeCount) {
    return OverlaySize.SMALLEST.header(blockSize, Integer.toUnsignedLong(inodeCount) + 1);
  }

  /** Reads the header at an offset. */
  public static OverlayHeader read(MemorySegment image, long at) {
    return new OverlayHeader(
        (int) MAGIC_FIELD.get(image, at),
        (int) VERSION_FIELD.get(image, at),
        (long) BUCKET_OFFSET.get(image, at),
        (long) POOL_OFFSET.get(image, at),
        (long) POOL_SIZE.get(image, at),
        (long) POOL_ALLOC.get(image, at),
        (long) NEXT_INO.get(image, at),
        (long) FREE_INODE.get(image, at),
        (long) FREE_DATA.get(image, at),
        (long) FREE_DIRENT.get(image, at));
  }

  /** Writes the header at an offset, over bytes that are zero. */
  public void write(MemorySegment image, long at) {
    MAGIC_FIELD.set(image, at, magic);
    VERSION_FIELD.set(image, at, version);
    BUCKET_OFFSET.set(image, at, bucketOffset);
    POOL_OFFSET.set(image, at, poolOffset);
    POOL_SIZE.set(image, at, poolSize);
    POOL_ALLOC.set(image, at, poolAllocated);
    NEXT_INO.set(image, at, nextInode);
    FREE_INODE.set(image, at, freeInode);
    FREE_DATA.set(image, at, freeData);
    FREE_DIRENT.set(image, at, freeDirent);
  }
}

package io.daxconv.converter.daxfs;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * The head of the page cache region ({@code struct daxfs_pcache_header}), which only images in
 * split mode have: their regular data is in a backing file, and the region caches its pages.
 *
 * @param magic {@link #MAGIC}
 * @param version {@link #VERSION}
 * @param slotMetaOffset from the start of the region: one block
 * @param slotDataOffset from the start of the region, after the metadata in whole blocks
 * @param evictHand 0 in a fresh region
 * @param pendingCount 0 in a fresh region
 */
public record PageCacheHeader(
    int magic,
    int version,
    long slotMetaOffset,
    long slotDataOffset,
    int evictHand,
    int pendingCount) {
  public static final int MAGIC = 0x70636163;
  public static final int VERSION = 2;

  /** Bytes of metadata for one slot. */
  public static final int SLOT_META_SIZE = 16;

  /** The fields; the header has a whole block. */
  public static final int SIZE = 32;

  static final StructLayout LAYOUT =
      struct(
          "daxfs_pcache_header",
          SIZE,
          u32("magic"),
          u32("version"),
          u64("slot_meta_offset"),
          u64("slot_data_offset"),
          u32("evict_hand"),
          u32("pending_count"));

  private static final VarHandle MAGIC_FIELD = handle(LAYOUT, "magic");
  private static final VarHandle VERSION_FIELD = handle(LAYOUT, "version");
  private static final VarHandle SLOT_META_OFFSET = handle(LAYOUT, "slot_meta_offset");
  private static final VarHandle SLOT_DATA_OFFSET = handle(LAYOUT, "slot_data_offset");
  private static final VarHandle EVICT_HAND = handle(LAYOUT, "evict_hand");
  private static final VarHandle PENDING_COUNT = handle(LAYOUT, "pending_count");

  /** Reads the header at an offset. */
  public static PageCacheHeader read(MemorySegment image, long at) {
    return new PageCacheHeader(
        (int) MAGIC_FIELD.get(image, at),
        (int) VERSION_FIELD.get(image, at),
        (long) SLOT_META_OFFSET.get(image, at),
        (long) SLOT_DATA_OFFSET.get(image, at),
        (int) EVICT_HAND.get(image, at),
        (int) PENDING_COUNT.get(image, at));
  }

  /** Writes the header at an offset, over bytes that are zero. */
  public void write(MemorySegment image, long at) {
    MAGIC_FIELD.set(image, at, magic);
    VERSION_FIELD.set(image, at, version);
    SLOT_META_OFFSET.set(image, at, slotMetaOffset);
    SLOT_DATA_OFFSET.set(image, at, slotDataOffset);
    EVICT_HAND.set(image, at, evictHand);
    PENDING_COUNT.set(image, at, pendingCount);
  }
}

package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.PageCacheHeader;
import io.daxconv.converter.daxfs.Superblock;

/** The page cache region of a split image: its header, and that no slot is in use. */
final class PageCacheCheck {
  private static final String NOT_FRESH = "pcache-not-fresh";

  private PageCacheCheck() {}

  static void check(CheckedImage image) {
    Superblock s = image.superblock();
    Extent region = new Extent(s.pageCacheOffset(), s.pageCacheSize());
    // Where the region is not in the file, the superblock's rules have said so.
    if (s.pageCacheOffset() == 0 || !region.within(image.size())) {
      return;
    }
    long slots = Integer.toUnsignedLong(s.pageCacheSlotCount());
    long meta = image.blockSize();
    long data = meta + image.wholeBlocks(slots * PageCacheHeader.SLOT_META_SIZE);
    Extent slotData = new Extent(data, slots * image.blockSize());
    if (!slotData.within(region.size())) {
      image
          .findings()
          .add(
              "pcache-size",
              "byte 96",
              "pcache_size that holds its slots, " + slotData,
              Long.toString(region.size()));
      return;
    }
    header(image, region.offset(), meta, data);
  }

  private static void header(CheckedImage image, long start, long meta, long data) {
    PageCacheHeader header = PageCacheHeader.read(image.bytes(), start);
    if (!image.requireMagic("pcache-header-magic", start, PageCacheHeader.MAGIC, header.magic())) {
      return;
    }
    image.requireEqual(
        "pcache-header-version", start + 4, "version", PageCacheHeader.VERSION, header.version());
    image.requireEqual(
        "pcache-slot-offset", start + 8, "slot_meta_offset", meta, header.slotMetaOffset());
    image.requireEqual(
        "pcache-slot-offset", start + 16, "slot_data_offset", data, header.slotDataOffset());
    image.requireEqual(NOT_FRESH, start + 24, "evict_hand", 0, header.evictHand());
    image.requireEqual(NOT_FRESH, start + 28, "pending_count", 0, header.pendingCount());
    image.requireZero(
        NOT_FRESH, "in the slots' metadata", start + PageCacheHeader.SIZE, start + data);
  }
}

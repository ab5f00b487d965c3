package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.OverlayHeader;
import io.daxconv.converter.daxfs.Superblock;

/**
 * The overlay region: its header, and that nobody has written to it. An image without a base lives
 * in its overlay, so there {@link OverlayEntryCheck} looks at what it finds.
 */
final class OverlayCheck {
  private static final String NOT_FRESH = "overlay-not-fresh";

  private final CheckedImage image;
  private final Superblock superblock;
  private final long start;
  private final OverlayHeader header;

  private OverlayCheck(CheckedImage image) {
    this.image = image;
    this.superblock = image.superblock();
    this.start = superblock.overlayOffset();
    this.header = OverlayHeader.read(image.bytes(), start);
  }

  static void check(CheckedImage image) {
    Superblock s = image.superblock();
    Extent region = new Extent(s.overlayOffset(), s.overlaySize());
    // Where the region is not in the file, the superblock's rules have said so.
    if (s.overlayOffset() == 0 || !region.within(image.size())) {
      return;
    }
    if (region.size() < image.blockSize()) {
      image.requireEqual(
          "overlay-size", 72, "overlay_size of at least", image.blockSize(), region.size());
      return;
    }
    new OverlayCheck(image).run();
  }

  private void run() {
    if (!image.requireMagic("overlay-header-magic", start, OverlayHeader.MAGIC, header.magic())) {
      return;
    }
    image.requireEqual(
        "overlay-header-version", start + 4, "version", OverlayHeader.VERSION, header.version());
    long buckets = image.blockSize();
    long pool =
        buckets
            + image.wholeBlocks(
                Integer.toUnsignedLong(superblock.overlayBucketCount())
                    * OverlayHeader.BUCKET_SIZE);
    image.requireEqual(
        "overlay-bucket-offset", start + 8, "bucket_offset", buckets, header.bucketOffset());
    image.requireEqual("overlay-pool-offset", start + 16, "pool_offset", pool, header.poolOffset());
    boolean fits = new Extent(pool, header.poolSize()).within(superblock.overlaySize());
    if (!fits) {
      image
          .findings()
          .add(
              "overlay-size",
              "byte " + (start + 24),
              "buckets and pool inside the region's " + superblock.overlaySize() + " bytes",
              new Extent(pool, header.poolSize()).toString());
    }
    if (superblock.baseOffset() != 0) {
      fresh();
    } else if (fits
        && header.bucketOffset() == buckets
        && header.poolOffset() == pool
        && Integer.bitCount(superblock.overlayBucketCount()) == 1) {
      new OverlayEntryCheck(image, header, start).run();
    }
  }

  private void fresh() {
    long next = Integer.toUnsignedLong(superblock.inodeCount()) + 1;
    image.requireEqual("overlay-next-inode", start + 40, "next_ino", next, header.nextInode());
    image.requireEqual(NOT_FRESH, start + 32, "pool_alloc", 0, header.poolAllocated());
    long none = OverlayHeader.NONE;
    image.requireEqual(NOT_FRESH, start + 48, "free_inode", none, header.freeInode());
    image.requireEqual(NOT_FRESH, start + 56, "free_data", none, header.freeData());
    image.requireEqual(NOT_FRESH, start + 64, "free_dirent", none, header.freeDirent());
    image.requireZero(
        NOT_FRESH,
        "after the overlay's header",
        start + OverlayHeader.SIZE,
        start + superblock.overlaySize());
  }
}

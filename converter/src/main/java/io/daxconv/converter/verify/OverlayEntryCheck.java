package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.OverlayBucket;
import io.daxconv.converter.daxfs.OverlayHeader;
import io.daxconv.converter.daxfs.OverlayInode;
import io.daxconv.converter.daxfs.Superblock;

/**
 * What stands in the overlay of an image without a base: each bucket in use leads into the part of
 * the pool that is allocated, and can be found by its key; the root is a directory. Somebody may
 * have written to such an image, so nothing else is asked of its entries.
 */
final class OverlayEntryCheck {
  private final CheckedImage image;
  private final OverlayHeader header;
  private final long buckets;
  private final long pool;
  private final long count;

  /**
   * Of a region whose header has been checked.
   *
   * @param start of the region
   */
  OverlayEntryCheck(CheckedImage image, OverlayHeader header, long start) {
    this.image = image;
    this.header = header;
    this.buckets = start + header.bucketOffset();
    this.pool = start + header.poolOffset();
    this.count = Integer.toUnsignedLong(image.superblock().overlayBucketCount());
  }

  void run() {
    if (Long.compareUnsigned(header.poolAllocated(), header.poolSize()) > 0) {
      add(
          "overlay-pool-alloc",
          buckets - header.bucketOffset() + 32,
          "pool_alloc of at most the pool's " + header.poolSize() + " bytes",
          Long.toUnsignedString(header.poolAllocated()));
      return;
    }
    long run = usedAtTheEnd();
    for (long i = 0; i < count && !image.findings().isEnough(); i++) {
      OverlayBucket bucket = read(i);
      check(i, bucket, run);
      run = bucket.isUsed() ? run + 1 : 0;
    }
    root();
  }

  /** The table is a ring. */
  private long usedAtTheEnd() {
    long run = 0;
    while (run < count && read(count - 1 - run).isUsed()) {
      run++;
    }
    return run;
  }

  private OverlayBucket read(long index) {
    return OverlayBucket.read(image.bytes(), place(index));
  }

  private long place(long index) {
    return buckets + (index & (count - 1)) * OverlayBucket.SIZE;
  }

  /**
   * Checks one bucket.
   *
   * @param run how many buckets before it are in use, one behind the other
   */
  private void check(long index, OverlayBucket bucket, long run) {
    if (!bucket.isUsed()) {
      if (bucket.stateKey() != 0) {
        String found = "the key 0x%x".formatted(bucket.key());
        add("overlay-bucket-state", place(index), "no key in a bucket that is free", found);
      }
      return;
    }
    if (Long.compareUnsigned(bucket.value(), header.poolAllocated()) >= 0) {
      String expected = "a place in the pool's first " + header.poolAllocated() + " bytes";
      String found = Long.toUnsignedString(bucket.value());
      add("overlay-bucket-value", place(index) + 8, expected, found);
    }
    // Linear probing: a search goes from the key's own bucket up to the first free one.
    long home = bucket.key() & (count - 1);
    if (((index - home) & (count - 1)) > run) {
      String expected = "the key 0x%x to be found from bucket %d on".formatted(bucket.key(), home);
      add("overlay-bucket-place", place(index), expected, "a free bucket before it");
    }
  }

  private void root() {
    long key = OverlayBucket.inodeKey(Superblock.ROOT_INODE);
    for (long i = 0; i < count; i++) {
      OverlayBucket bucket = read(key + i);
      if (!bucket.isUsed()) {
        break;
      }
      if (bucket.key() == key) {
        inode(bucket.value());
        return;
      }
    }
    add("overlay-root", place(key), "the root's inode in the overlay", "none");
  }

  private void inode(long value) {
    if (value < 0 || value > header.poolAllocated() - OverlayInode.SIZE) {
      return; // Unless it is the end that is missing, the bucket's check has said so.
    }
    OverlayInode root = OverlayInode.read(image.bytes(), pool + value);
    if (root.type() != OverlayInode.TYPE || FileMode.type(root.mode()) != FileMode.DIRECTORY) {
      add(
          "overlay-root",
          pool + value,
          "an entry of type 1, an inode, that is a directory",
          "type %s, mode 0%o".formatted(Integer.toUnsignedString(root.type()), root.mode()));
    }
  }

  private void add(String id, long at, String expected, String found) {
    image.findings().add(id, "byte " + at, expected, found);
  }
}

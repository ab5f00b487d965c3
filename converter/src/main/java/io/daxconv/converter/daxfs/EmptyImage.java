package io.daxconv.converter.daxfs;

import io.daxconv.converter.format.RegionWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * An image without a base: an empty root directory that lives in the overlay, to be mounted and
 * written to. It has no annex and no EROFS view, and is what {@code mkdaxfs --empty} makes.
 *
 * <pre>
 *   0          superblock
 *   1 block    overlay: header, buckets with the root's, pool with the root's inode
 *              page cache, where there is one
 * </pre>
 *
 * @param pageSize bytes of a block
 * @param overlay with a pool that holds the root's inode at least
 * @param pageCache or null
 */
public record EmptyImage(int pageSize, OverlaySize overlay, @Nullable PageCacheSize pageCache) {
  public EmptyImage {
    if (overlay.pool() < OverlayInode.SIZE) {
      throw new IllegalArgumentException(
          "overlay: expected room for the root's inode, "
              + OverlayInode.SIZE
              + " bytes, found "
              + overlay.pool());
    }
  }

  /** Bytes of the image. */
  public long size() {
    return overlayEnd() + (pageCache == null ? 0 : pageCache.bytes(pageSize));
  }

  private long overlayEnd() {
    return pageSize + overlay.bytes(pageSize);
  }

  /** The superblock that says where everything is. */
  public Superblock superblock() {
    return new Superblock(
        Superblock.MAGIC,
        Superblock.VERSION,
        pageSize,
        0,
        size(),
        0,
        0,
        0,
        0,
        0,
        0,
        pageSize,
        overlay.bytes(pageSize),
        overlay.buckets(),
        overlay.bucketShift(),
        pageCache == null ? 0 : overlayEnd(),
        pageCache == null ? 0 : pageCache.bytes(pageSize),
        pageCache == null ? 0 : pageCache.slots(),
        pageCache == null ? 0 : pageCache.hashShift());
  }

  /** Writes the image into an empty file. */
  public void write(FileChannel file) throws IOException {
    try (RegionWriter region = new RegionWriter(file, 0)) {
      superblock().write(region.next(pageSize), 0);
      header().write(region.next(pageSize), 0);
      long bucket = OverlayBucket.inodeKey(Superblock.ROOT_INODE) & (overlay.buckets() - 1);
      region.holeTo(2L * pageSize + bucket * OverlayBucket.SIZE);
      OverlayBucket.ofInode(Superblock.ROOT_INODE, 0).write(region.next(OverlayBucket.SIZE), 0);
      region.holeTo(pageSize + overlay.poolOffset(pageSize));
      MemorySegment root = region.next(OverlayInode.SIZE);
      OverlayInode.ROOT.write(root, 0);
      region.holeTo(Math.max(region.position(), overlayEnd() - pageSize));
      region.padTo(overlayEnd());
      if (pageCache != null) {
        pageCache.header(pageSize).write(region.next(pageSize), 0);
        region.holeTo(size() - pageSize);
        region.padTo(size());
      }
      region.finish();
    }
  }

  private OverlayHeader header() {
    OverlayHeader fresh = overlay.header(pageSize, Superblock.ROOT_INODE + 1L);
    return new OverlayHeader(
        fresh.magic(),
        fresh.version(),
        fresh.bucketOffset(),
        fresh.poolOffset(),
        fresh.poolSize(),
        OverlayInode.SIZE,
        fresh.nextInode(),
        fresh.freeInode(),
        fresh.freeData(),
        fresh.freeDirent());
  }
}

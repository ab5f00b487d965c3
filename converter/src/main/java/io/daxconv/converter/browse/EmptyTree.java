package io.daxconv.converter.browse;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.OverlayBucket;
import io.daxconv.converter.daxfs.OverlayHeader;
import io.daxconv.converter.daxfs.OverlayInode;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.mount.ImageView;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The tree of an image without a base, to which nobody has written: a root directory, which stands
 * in the overlay. What somebody has written there is the module's own and is not read here.
 */
record EmptyTree(DaxfsImage image, OverlayInode entry) implements ImageTree {
  static EmptyTree of(DaxfsImage image) throws CorruptImageException {
    Superblock superblock = image.superblock();
    if (superblock.overlaySize() < OverlayHeader.SIZE) {
      throw missing(image);
    }
    OverlayHeader header = OverlayHeader.read(image.bytes(), superblock.overlayOffset());
    long key = OverlayBucket.inodeKey(Superblock.ROOT_INODE);
    long mask = Integer.toUnsignedLong(superblock.overlayBucketCount()) - 1;
    long size = superblock.overlaySize();
    Extent bucketAt =
        new Extent(header.bucketOffset() + (key & mask) * OverlayBucket.SIZE, OverlayBucket.SIZE);
    if (header.magic() != OverlayHeader.MAGIC) {
      throw missing(image);
    }
    if (header.poolAllocated() != OverlayInode.SIZE) {
      throw new CorruptImageException(
          image.name()
              + ": expected a base image, or an overlay region with a root directory alone, found "
              + Long.toUnsignedString(header.poolAllocated())
              + " bytes written there, which only a mount shows");
    }
    if (bucketAt.within(size)) {
      OverlayBucket bucket =
          OverlayBucket.read(image.bytes(), superblock.overlayOffset() + bucketAt.offset());
      Extent rootAt = new Extent(header.poolOffset() + bucket.value(), OverlayInode.SIZE);
      if (bucket.isUsed() && bucket.key() == key && rootAt.within(size)) {
        OverlayInode root =
            OverlayInode.read(image.bytes(), superblock.overlayOffset() + rootAt.offset());
        if (root.type() == OverlayInode.TYPE && FileMode.type(root.mode()) == FileMode.DIRECTORY) {
          return new EmptyTree(image, root);
        }
      }
    }
    throw missing(image);
  }

  private static CorruptImageException missing(DaxfsImage image) {
    return new CorruptImageException(
        image.name() + ": overlay region: expected the root directory, found none");
  }

  @Override
  public String name() {
    return image.name();
  }

  @Override
  public ImageView view() {
    return ImageView.DAXFS;
  }

  @Override
  public FileInode root() {
    return new FileInode.OfOverlay(entry);
  }

  @Override
  public @Nullable FileInode lookup(FileInode directory, byte[] entryName) {
    return null;
  }

  @Override
  public List<MemorySegment> contents(FileInode file) {
    throw noFile();
  }

  @Override
  public List<Extent> extents(FileInode file) {
    throw noFile();
  }

  @Override
  public byte[] target(FileInode symlink) {
    throw noFile();
  }

  private static IllegalArgumentException noFile() {
    return new IllegalArgumentException("a file of another image");
  }

  @Override
  public SortedMap<String, byte[]> xattrs(FileInode inode) {
    return Collections.emptySortedMap();
  }

  @Override
  public long xattrBytes(FileInode inode) {
    return 0;
  }

  @Override
  public Walk walk(byte[] path, FileInode from, TreeWalk.Order order, int deepest) {
    Iterator<Step> only = List.of(new Step(path, 0, from)).iterator();
    return () -> only.hasNext() ? only.next() : null;
  }
}

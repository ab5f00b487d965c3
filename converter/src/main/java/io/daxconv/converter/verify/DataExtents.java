package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.BaseImage;
import io.daxconv.converter.daxfs.DirectoryArray;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.daxfs.SuperblockRules;
import java.util.Arrays;
import java.util.List;

/**
 * The regular data of an image, in whole pages of the file, or in split mode of the backing file.
 * Two inodes may share all of an extent; apart from that nothing may stand in the pages of another,
 * for these pages are mapped as a whole and what follows a file's end in the last must be zero.
 */
final class DataExtents {
  /** Inode numbers have so many bits at most, and a process maps fewer pages than the rest. */
  static final int INODE_BITS = 24;

  private final CheckedImage image;
  private final BaseImage base;
  private final InodeNames names;

  /** The first page, and below it the inode's number: sorted, they are in order of place. */
  private long[] extents = new long[64];

  private int count;

  /** Directories and symlinks, which are packed. */
  private int[] packed = new int[64];

  private int packedCount;

  DataExtents(CheckedImage image, BaseImage base, InodeNames names) {
    this.image = image;
    this.base = base;
    this.names = names;
  }

  /** Takes note of a regular file whose data is page aligned and inside the base image. */
  void add(int inode, long start) {
    if (count == extents.length) {
      extents = Arrays.copyOf(extents, count * 2);
    }
    extents[count++] = ((start / image.blockSize()) << INODE_BITS) | inode;
  }

  /** Takes note of a directory or symlink whose data is inside the base image. */
  void addPacked(int inode) {
    if (packedCount == packed.length) {
      packed = Arrays.copyOf(packed, packedCount * 2);
    }
    packed[packedCount++] = inode;
  }

  /** Reports all that overlap. */
  void check() {
    Arrays.sort(extents, 0, count);
    regular();
    if (image.superblock().pageCacheOffset() != 0) {
      return; // The data is in the backing file, where nothing else of DAXFS is.
    }
    Extent table = SuperblockRules.inodeTable(image.superblock());
    apart("the inode table", inImage(table));
    regions();
    for (int i = 0; i < packedCount && !image.findings().isEnough(); i++) {
      InodeEntry inode = base.inode(packed[i]);
      boolean isDirectory = FileMode.type(inode.mode()) == FileMode.DIRECTORY;
      Extent data =
          isDirectory
              ? DirectoryArray.extent(inode)
              : new Extent(inode.dataOffset(), inode.size() + 1);
      apart(names.place(packed[i]), inImage(data));
    }
  }

  private void regular() {
    for (int i = 1; i < count && !image.findings().isEnough(); i++) {
      int before = inode(i - 1);
      int inode = inode(i);
      boolean shared = firstPage(i - 1) == firstPage(i) && size(before) == size(inode);
      if (!shared && data(i - 1).overlaps(data(i))) {
        overlap(names.place(inode), data(i), before);
      }
    }
  }

  /** The other regions; pages of the base image reach into them where they end in the middle. */
  private void regions() {
    Superblock s = image.superblock();
    for (Extent region :
        List.of(
            new Extent(s.overlayOffset(), s.overlaySize()),
            new Extent(s.pageCacheOffset(), s.pageCacheSize()))) {
      if (region.within(image.size())) {
        apart("the region of " + region, region);
      }
    }
  }

  /** Reports if something that is not regular data stands in the pages of a regular file. */
  private void apart(String what, Extent other) {
    if (other.size() == 0 || count == 0) {
      return;
    }
    long lastPage = (other.end() - 1) / image.blockSize();
    int found = Arrays.binarySearch(extents, 0, count, (lastPage + 1) << INODE_BITS);
    int before = (found < 0 ? -found - 1 : found) - 1;
    if (before >= 0 && data(before).overlaps(other)) {
      overlap(what, other, inode(before));
    }
  }

  private void overlap(String what, Extent extent, int other) {
    String expected = "bytes apart from the pages of " + names.place(other);
    image.findings().add("data-overlap", what, expected, extent.toString());
  }

  private Extent inImage(Extent inBase) {
    return new Extent(base.positionInImage(inBase.offset()), inBase.size());
  }

  /** The pages of an extent, as bytes of the file. */
  private Extent data(int index) {
    return new Extent(firstPage(index) * image.blockSize(), image.wholeBlocks(size(inode(index))));
  }

  private long firstPage(int index) {
    return extents[index] >>> INODE_BITS;
  }

  private int inode(int index) {
    return (int) (extents[index] & ((1 << INODE_BITS) - 1));
  }

  private long size(int inode) {
    return base.inode(inode).size();
  }
}

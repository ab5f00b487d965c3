package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.BaseImage;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.DirectoryArray;
import io.daxconv.converter.daxfs.DirectoryEntry;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.daxfs.Superblock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Checks one inode after the other: its slot, its data, and whether its names are as it says. */
final class InodeCheck {
  private static final int LAST_FIELD_END = 36;

  private final CheckedImage image;
  private final BaseImage base;
  private final InodeNames names;
  private final DataExtents extents;
  private final boolean split;
  private final @Nullable MemorySegment backing;
  private long regularFiles;
  private long directories;
  private long symlinks;

  /**
   * Checks the inodes of an image.
   *
   * @param backing the bytes of a split image's backing file; null where they are not at hand
   */
  InodeCheck(
      CheckedImage image,
      BaseImage base,
      InodeNames names,
      DataExtents extents,
      @Nullable MemorySegment backing) {
    this.backing = backing;
    this.image = image;
    this.base = base;
    this.names = names;
    this.extents = extents;
    this.split = image.superblock().pageCacheOffset() != 0;
  }

  long regularFiles() {
    return regularFiles;
  }

  long directories() {
    return directories;
  }

  long symlinks() {
    return symlinks;
  }

  /**
   * Checks all inodes.
   *
   * @param treeComplete whether all directories were followed; if not, nothing is said of names
   *     that may have been missed
   */
  void run(boolean treeComplete) {
    for (int number = 1; number <= base.inodeCount() && !image.findings().isEnough(); number++) {
      InodeEntry inode = base.inode(number);
      slot(number, inode);
      type(number, inode);
      if (treeComplete) {
        links(number, inode);
      }
    }
  }

  private void slot(int number, InodeEntry inode) {
    if (inode.number() != number) {
      String found = "inode " + Integer.toUnsignedString(inode.number());
      add("inode-number", number, "inode " + number, found);
    }
    long at = base.positionInImage(base.slot(number));
    image.requireZero(
        "reserved-not-zero", "after an inode's fields", at + LAST_FIELD_END, at + InodeEntry.SIZE);
    if ((inode.mode() & ~(FileMode.TYPE_MASK | FileMode.PERMISSIONS)) != 0) {
      add(
          "inode-mode",
          number,
          "mode of at most 0177777",
          "0" + Integer.toOctalString(inode.mode()));
    }
  }

  private void type(int number, InodeEntry inode) {
    if (number == Superblock.ROOT_INODE && FileMode.type(inode.mode()) != FileMode.DIRECTORY) {
      String found = "mode 0" + Integer.toOctalString(inode.mode());
      add("root-not-directory", number, "the root to be a directory", found);
    }
    switch (FileMode.type(inode.mode())) {
      case FileMode.REGULAR -> {
        regularFiles++;
        regular(number, inode);
      }
      case FileMode.DIRECTORY -> {
        directories++;
        directory(number, inode);
      }
      case FileMode.SYMLINK -> {
        symlinks++;
        symlink(number, inode);
      }
      default ->
          add(
              "inode-type",
              number,
              "a regular file, directory or symlink",
              "mode 0" + Integer.toOctalString(inode.mode()));
    }
  }

  /** The module's validate asks this of all inodes, those without data too. */
  private boolean inside(int number, Extent data) {
    if (!data.within(base.size())) {
      String expected = "data inside the base image's " + base.size() + " bytes";
      add("data-beyond-base", number, expected, data.toString());
      return false;
    }
    return true;
  }

  private void regular(int number, InodeEntry inode) {
    Extent data = new Extent(inode.dataOffset(), inode.size());
    if (split ? !insideBacking(number, data) : !inside(number, data)) {
      return;
    }
    if (data.size() == 0) {
      return;
    }
    long start = split ? data.offset() : base.positionInImage(data.offset());
    if (Long.remainderUnsigned(start, image.blockSize()) != 0) {
      String expected = "data at a multiple of " + image.blockSize();
      add("data-unaligned", number, expected, "data at byte " + Long.toUnsignedString(start));
    } else if (!split) {
      tail(number, image.bytes(), start + data.size());
      extents.add(number, start);
    } else if (backing != null) {
      tail(number, backing, start + data.size());
      extents.add(number, start);
    }
  }

  /** In split mode the offset is one of the backing file, whose size only that file tells. */
  private boolean insideBacking(int number, Extent data) {
    if (backing == null || data.size() == 0 || data.within(backing.byteSize())) {
      return true;
    }
    String expected = "data inside the backing file's " + backing.byteSize() + " bytes";
    add("data-beyond-backing", number, expected, data.toString());
    return false;
  }

  private void tail(int number, MemorySegment bytes, long end) {
    long pageEnd = Math.min(image.wholeBlocks(end), bytes.byteSize());
    long other = Zeros.firstOther(bytes, end, pageEnd);
    if (other >= 0) {
      int found = bytes.get(ValueLayout.JAVA_BYTE, other) & 0xff;
      String expected = "zeros from its end at byte " + end + " to the end of the page";
      add("tail-not-zero", number, expected, "0x%02x at byte %d".formatted(found, other));
    }
  }

  private void directory(int number, InodeEntry inode) {
    if (!DirectoryArray.isWhole(inode)) {
      String expected = "a size that is a multiple of " + DirectoryEntry.COUNTED_SIZE;
      add("directory-size", number, expected, Long.toUnsignedString(inode.size()));
      return;
    }
    Extent array = DirectoryArray.extent(inode);
    if (!array.within(base.size())) {
      String expected =
          "entries, %d bytes each, inside the base image's %d bytes"
              .formatted(DirectoryEntry.STRIDE, base.size());
      add("directory-array-beyond-base", number, expected, array.toString());
    } else if (array.size() > 0 && base.positionInImage(array.offset()) % 4 != 0) {
      add("directory-unaligned", number, "entries at a multiple of 4", array.toString());
    } else {
      extents.addPacked(number);
    }
  }

  private void symlink(int number, InodeEntry inode) {
    Extent target = new Extent(inode.dataOffset(), inode.size());
    if (target.size() == 0) {
      add("symlink-empty", number, "a target", "none");
      return;
    }
    if (!inside(number, target)) {
      return;
    }
    if (target.size() > DaxfsImage.LONGEST_TARGET) {
      String expected = "a target of at most " + DaxfsImage.LONGEST_TARGET + " bytes";
      add("symlink-too-long", number, expected, Long.toString(target.size()));
      return;
    }
    terminator(number, target);
    for (long at = target.offset(); at < target.end(); at++) {
      if (base.bytes().get(ValueLayout.JAVA_BYTE, at) == 0) {
        add(
            "symlink-nul",
            number,
            "a target without NUL",
            "NUL at byte " + base.positionInImage(at));
        return;
      }
    }
  }

  private void terminator(int number, Extent target) {
    String expected = "a NUL after the target, at byte " + base.positionInImage(target.end());
    if (target.end() == base.size()) {
      add("symlink-unterminated", number, expected, "the end of the base image");
    } else if (base.bytes().get(ValueLayout.JAVA_BYTE, target.end()) != 0) {
      int found = base.bytes().get(ValueLayout.JAVA_BYTE, target.end()) & 0xff;
      add("symlink-unterminated", number, expected, "0x%02x".formatted(found));
    }
    extents.addPacked(number);
  }

  private void links(int number, InodeEntry inode) {
    if (!names.isReached(number)) {
      add("inode-unreachable", number, "a name that leads to it", "none");
      return;
    }
    boolean isDirectory = FileMode.type(inode.mode()) == FileMode.DIRECTORY;
    long expected = names.links(number) + (isDirectory ? 2L : 0L);
    if (Integer.toUnsignedLong(inode.nlink()) != expected) {
      String found = "nlink " + Integer.toUnsignedString(inode.nlink());
      add("link-count", number, "nlink " + expected, found);
    }
  }

  private void add(String id, int number, String expected, String found) {
    image.findings().add(id, names.place(number), expected, found);
  }
}

package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.erofs.ErofsData;
import io.daxconv.converter.erofs.ErofsInode;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.erofs.PlacedInode;
import java.util.Collections;
import java.util.SortedMap;

/** Checks the inodes of the EROFS view one after the other. */
final class ErofsInodeCheck {
  private static final long NANOS = 1_000_000_000L;

  private final ErofsCheckedView checked;
  private final ErofsView view;
  private final ErofsNames names;
  private final ErofsPlaces places;
  private final ErofsCounter counter = new ErofsCounter();

  ErofsInodeCheck(ErofsCheckedView checked, ErofsPlaces places) {
    this.checked = checked;
    this.view = checked.view();
    this.names = checked.names();
    this.places = places;
  }

  ErofsCounter counter() {
    return counter;
  }

  /**
   * Checks all inodes.
   *
   * @param treeComplete whether all directories were followed; if not, nothing is said of names
   *     that may have been missed
   */
  void run(boolean treeComplete) {
    for (int index = 0; index < names.count() && !checked.isEnough(); index++) {
      PlacedInode inode = checked.inode(index);
      // Only the root can be broken, and then the check of the tree says so.
      if (inode != null) {
        counter.count(inode);
        fields(index, inode);
        data(index, inode);
        if (treeComplete) {
          links(index, inode);
        }
      }
    }
    if (treeComplete) {
      checked
          .image()
          .requireEqual(
              "erofs-inode-count", 1040, "inos", names.count(), view.superblock().inodes());
    }
  }

  private void fields(int index, PlacedInode placed) {
    ErofsInode inode = placed.inode();
    if (inode.extended()) {
      zeros(index, placed, 6, 8);
      zeros(index, placed, 48, ErofsInode.EXTENDED_SIZE);
    } else {
      zeros(index, placed, 12, 16);
      zeros(index, placed, 28, ErofsInode.COMPACT_SIZE);
    }
    if (inode.extended() && Integer.toUnsignedLong(inode.mtimeNanos()) >= NANOS) {
      String found = Integer.toUnsignedString(inode.mtimeNanos());
      checked.add("erofs-inode-time", placed, index, "i_mtime_nsec below " + NANOS, found);
    }
  }

  /** Newer kernels give some of these bytes a meaning. */
  private void zeros(int index, PlacedInode placed, int from, int to) {
    long other = Zeros.firstOther(checked.image().bytes(), placed.at() + from, placed.at() + to);
    if (other >= 0) {
      String expected = "zeros where no field is";
      checked.add("erofs-inode-reserved", placed, index, expected, "others at byte " + other);
    }
  }

  private void data(int index, PlacedInode placed) {
    places.inode(index, placed);
    if (placed.isSpecial()) {
      if (placed.inode().size() != 0) {
        String found = Long.toUnsignedString(placed.inode().size());
        checked.add("erofs-inode-size", placed, index, "size 0 of a special file", found);
      }
      return;
    }
    boolean isDirectory = placed.type() == FileMode.DIRECTORY;
    // Of directories the check of the tree has told it.
    ErofsData data =
        view.data(placed, isDirectory ? ErofsCheckedView.silent() : checked.reporting(index));
    if (data == null) {
      return;
    }
    places.data(index, placed, data);
    if (placed.type() == FileMode.SYMLINK) {
      target(index, placed);
    } else if (!isDirectory && data.tail().size() > 0) {
      String expected = "regular data in whole blocks, or -o dax does not work";
      checked.add("erofs-regular-inline", placed, index, expected, "data behind the inode");
    }
  }

  private void target(int index, PlacedInode placed) {
    long size = placed.inode().size();
    if (size == 0) {
      checked.add("erofs-symlink-empty", placed, index, "a target", "none");
    } else if (size > DaxfsImage.LONGEST_TARGET) {
      String expected = "a target of at most " + DaxfsImage.LONGEST_TARGET + " bytes";
      checked.add("erofs-symlink-too-long", placed, index, expected, Long.toString(size));
    }
  }

  private void links(int index, PlacedInode placed) {
    boolean isDirectory = placed.type() == FileMode.DIRECTORY;
    long expected = names.links(index) + (isDirectory ? 2L : 0L);
    if (Integer.toUnsignedLong(placed.inode().nlink()) != expected) {
      String found = "nlink " + Integer.toUnsignedString(placed.inode().nlink());
      checked.add("erofs-link-count", placed, index, "nlink " + expected, found);
    }
  }

  /**
   * Checks the xattrs and targets of all inodes, which are known to stand apart: otherwise a few
   * bytes could be read very often.
   */
  void contents() {
    for (int index = 0; index < names.count() && !checked.isEnough(); index++) {
      PlacedInode placed = checked.inode(index);
      if (placed != null && placed.type() == FileMode.SYMLINK) {
        nul(index, placed);
      }
      if (placed != null && placed.inode().xattrCount() != 0) {
        counter.xattrs();
        SortedMap<String, byte[]> xattrs = view.xattrs(placed, checked.reporting(index));
        overlay(index, placed, xattrs == null ? Collections.emptySortedMap() : xattrs);
      }
    }
  }

  private void nul(int index, PlacedInode placed) {
    ErofsData data = view.data(placed, ErofsCheckedView.silent());
    if (data == null || data.size() > DaxfsImage.LONGEST_TARGET) {
      return;
    }
    for (byte b : view.bytes(data)) {
      if (b == 0) {
        checked.add("erofs-symlink-nul", placed, index, "a target without NUL", "NUL");
        return;
      }
    }
  }

  private void overlay(int index, PlacedInode placed, SortedMap<String, byte[]> xattrs) {
    for (String name : xattrs.keySet()) {
      if (name.startsWith("trusted.overlay.") || name.startsWith("user.overlay.")) {
        String expected = "no xattrs that steer an overlayfs over the image";
        checked.add("erofs-xattr-overlay", placed, index, expected, name);
      }
    }
  }
}

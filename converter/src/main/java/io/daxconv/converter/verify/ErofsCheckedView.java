package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.SuperblockRules.Listener;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.erofs.PlacedInode;
import org.jspecify.annotations.Nullable;

/**
 * The EROFS view that is being checked.
 *
 * @param image the image it is of
 * @param view reads it
 * @param names which inodes there are, and their paths
 */
record ErofsCheckedView(CheckedImage image, ErofsView view, ErofsNames names) {
  private static final Listener<RuntimeException> SILENT = (id, place, expected, found) -> {};

  /** Hears nothing: for what has been reported already. */
  static Listener<RuntimeException> silent() {
    return SILENT;
  }

  /** Reports with the path of an inode before the place. */
  Listener<RuntimeException> reporting(int index) {
    return (id, place, expected, found) ->
        add(id, names.path(index) + " (" + place + ")", expected, found);
  }

  /** An inode that has an index, and so was read before; null if it is broken. */
  @Nullable PlacedInode inode(int index) {
    return view.inode(names.nid(index), SILENT);
  }

  /** Reports something of an inode. */
  void add(String id, PlacedInode inode, int index, String expected, String found) {
    add(id, names.path(index) + " (" + inode.place() + ")", expected, found);
  }

  void add(String id, String place, String expected, String found) {
    image.findings().add(id, place, expected, found);
  }

  boolean isEnough() {
    return image.findings().isEnough();
  }
}

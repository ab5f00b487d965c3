package io.daxconv.converter;

import io.daxconv.converter.daxfs.InodeTable;
import io.daxconv.converter.text.Escapes;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.FlattenException;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.OwnerShift;
import io.daxconv.converter.tree.PathWalk;

/** A whole tree with other owners. */
final class ShiftedOwners {
  private ShiftedOwners() {}

  /**
   * Shifts each inode once, whatever its names.
   *
   * @param by 0 to leave all as it is
   * @throws LayerException that names a path with an owner that would be no number of one
   */
  static void shift(Directory root, InodeTable inodes, long by) throws LayerException {
    if (by == 0) {
      return;
    }
    OwnerShift shift = new OwnerShift(by);
    for (Node node : inodes.all()) {
      try {
        shift.shift(node);
      } catch (FlattenException e) {
        throw new LayerException("uid-shift: " + path(root, node) + ": " + e.getMessage(), e);
      }
    }
  }

  private static String path(Directory root, Node node) {
    for (PathWalk walk = new PathWalk(root); walk.next(); ) {
      if (walk.node() == node) {
        return Escapes.escape(walk.path());
      }
    }
    return "/";
  }
}

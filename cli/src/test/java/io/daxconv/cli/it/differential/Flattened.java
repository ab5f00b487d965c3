package io.daxconv.cli.it.differential;

import java.util.SortedMap;

/** What a flattener made of a stack. */
public sealed interface Flattened {
  /**
   * A tree.
   *
   * @param files by path, one character a byte; the root is {@code /}
   */
  record Tree(SortedMap<String, Found> files) implements Flattened {}

  /** An error, in one line. */
  record Refused(String message) implements Flattened {}

  /**
   * One path of a tree.
   *
   * @param type as find's {@code %y}
   * @param mode the low twelve bits
   * @param owner {@code uid:gid}
   * @param size bytes of a regular file
   * @param content SHA-256 of a regular file, target of a symlink, {@code major:minor} of a device
   * @param firstName the first path of the same inode; its own where it has no other
   * @param mtime nanoseconds since 1970
   * @param xattrs {@code name=hex}, sorted, with commas between
   */
  record Found(
      char type,
      int mode,
      String owner,
      long size,
      String content,
      String firstName,
      String mtime,
      String xattrs) {}
}

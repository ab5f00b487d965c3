package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.BaseImage;
import io.daxconv.converter.daxfs.DirectoryEntry;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.text.Escapes;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/** Which names lead to each inode: how many, and the first of them. Indexed by inode number. */
final class InodeNames {
  /** Bytes of a path beyond which only its end is shown. */
  private static final int LONGEST_SHOWN = 4096;

  private final BaseImage base;
  private final BitSet reached = new BitSet();
  private final int[] links;
  private final int[] parent;
  private final long[] entry;

  InodeNames(BaseImage base) {
    int slots = Math.toIntExact(base.inodeCount()) + 1;
    this.base = base;
    this.links = new int[slots];
    this.parent = new int[slots];
    this.entry = new long[slots];
    reached.set(Superblock.ROOT_INODE);
  }

  boolean isReached(int inode) {
    return reached.get(inode);
  }

  /**
   * Takes note of a name.
   *
   * @param position the entry in the base image
   * @return whether it is the first that leads to the inode
   */
  boolean add(int inode, int directory, long position) {
    boolean first = !reached.get(inode);
    if (first) {
      reached.set(inode);
      parent[inode] = directory;
      entry[inode] = position;
    }
    return first;
  }

  /** Takes note of a link: a file's name, or a directory's subdirectory. */
  void link(int inode) {
    links[inode]++;
  }

  int links(int inode) {
    return links[inode];
  }

  /** The first path of an inode, escaped; its end only, after {@code …}, if it is very long. */
  String path(int inode) {
    if (inode == Superblock.ROOT_INODE) {
      return "/";
    }
    if (!reached.get(inode)) {
      return "(no path)";
    }
    Deque<byte[]> names = new ArrayDeque<>();
    int length = 0;
    int at = inode;
    while (at != Superblock.ROOT_INODE && length < LONGEST_SHOWN) {
      byte[] name = DirectoryEntry.read(base.bytes(), entry[at]).name();
      names.addFirst(name);
      length += name.length + 1;
      at = parent[at];
    }
    StringBuilder path = new StringBuilder(at == Superblock.ROOT_INODE ? "" : "…");
    for (byte[] name : names) {
      path.append('/').append(Escapes.escape(name));
    }
    return path.toString();
  }

  /** How findings name an inode. */
  String place(int inode) {
    return "%s (inode %d, byte %d)"
        .formatted(path(inode), inode, base.positionInImage(base.slot(inode)));
  }
}

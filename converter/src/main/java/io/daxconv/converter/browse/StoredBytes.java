package io.daxconv.converter.browse;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.FileMode;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * How much of an image files take: whole pages of regular data, each page once whoever shares it;
 * bytes of directories and symlink targets; each inode once, whatever number of names it has.
 */
public final class StoredBytes {
  private final ImageTree tree;
  private final MemorySegment image;
  private final long page;
  private final BitSet pages = new BitSet();
  private final Set<Long> inodes = new HashSet<>();

  public StoredBytes(ImageTree tree) {
    this.tree = tree;
    this.image = tree.image().bytes();
    this.page = tree.image().superblock().blockSize();
  }

  /**
   * What a file adds to all that was asked for before.
   *
   * @param stored bytes of the image
   * @param apparent bytes that the file says it has
   */
  public record Added(long stored, long apparent) {
    static final Added NOTHING = new Added(0, 0);

    /** Both together. */
    public Added plus(Added other) {
      return new Added(stored + other.stored, apparent + other.apparent);
    }
  }

  /**
   * Counts an inode.
   *
   * @throws CorruptImageException if its data is not all in the image
   */
  public Added add(FileInode inode) throws CorruptImageException {
    if (!inode.isDirectory()
        && Long.compareUnsigned(inode.links(), 1) > 0
        && !inodes.add(inode.number())) {
      return Added.NOTHING;
    }
    return switch (inode.type()) {
      case FileMode.REGULAR -> new Added(regular(inode), inode.size());
      case FileMode.DIRECTORY -> new Added(inode.size(), 0);
      case FileMode.SYMLINK -> new Added(inode.size(), inode.size());
      default -> Added.NOTHING;
    };
  }

  private long regular(FileInode inode) throws CorruptImageException {
    long added = 0;
    for (MemorySegment piece : tree.contents(inode)) {
      long from = piece.address() - image.address();
      int first = Math.toIntExact(from / page);
      int end = Math.toIntExact((from + piece.byteSize() + page - 1) / page);
      for (int at = pages.nextClearBit(first); at < end; at = pages.nextClearBit(at + 1)) {
        pages.set(at);
        added += page;
      }
    }
    return added;
  }
}

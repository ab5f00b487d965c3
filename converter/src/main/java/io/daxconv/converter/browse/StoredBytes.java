package io.daxconv.converter.browse;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.FileMode;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * How much of an image files take: whole pages of regular data, each page once whoever shares it;
 * bytes of directories and symlink targets; each inode once, whatever number of names it has.
 */
public final class StoredBytes {
  private final ImageTree tree;
  private final long page;

  /** Runs of pages that were counted, none next to another: by the first, the one behind. */
  private final NavigableMap<Long, Long> runs = new TreeMap<>();

  private final Set<Long> inodes = new HashSet<>();

  public StoredBytes(ImageTree tree) {
    this.tree = tree;
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
    for (Extent extent : tree.extents(inode)) {
      added += page * addRun(extent.offset() / page, (extent.end() - 1) / page + 1);
    }
    return added;
  }

  /** Adds a run of pages; how many of them are new. */
  private long addRun(long first, long end) {
    long from = first;
    long to = end;
    long added = end - first;
    for (Map.Entry<Long, Long> run = runs.floorEntry(end);
        run != null && run.getValue() >= from;
        run = runs.floorEntry(to)) {
      added -= Math.max(0, Math.min(end, run.getValue()) - Math.max(first, run.getKey()));
      from = Math.min(from, run.getKey());
      to = Math.max(to, run.getValue());
      runs.remove(run.getKey());
    }
    runs.put(from, to);
    return added;
  }
}

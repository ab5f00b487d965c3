package io.daxconv.converter.daxfs;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.text.Escapes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the paths of a view, the root first.
 *
 * <p>An image in which a directory has two parents, or whose directories share their entries, would
 * take for ever; it ends with a {@link CorruptImageException}. Memory is in proportion to the
 * entries of the directories on the way from the root to the current path, and to the number of
 * directories.
 *
 * @param <I> an inode of the view
 */
public final class TreeWalk<I> {
  /** Longer paths are of no use to anybody, and in a deep chain they cost quadratic time. */
  private static final int LONGEST_PATH = 1 << 16;

  private final Directories<I> directories;
  private final Order order;
  private final int deepest;
  private final Set<Long> reached = new HashSet<>();
  private final Deque<Level<I>> levels = new ArrayDeque<>();
  private @Nullable Step<I> first;
  private long roomLeft;

  /** What comes after what. */
  public enum Order {
    /**
     * The bytes of the paths. A directory's own path and the paths below it are two steps among its
     * siblings, {@code a} and {@code a/}, for {@code a-b} sorts between them.
     */
    PATHS,
    /** The bytes of the names; what is below a directory follows it at once. */
    NAMES,
    /** All names of a directory, then what is below the first of them that has something below. */
    DIRECTORIES;

    private int compare(Pending<?> a, Pending<?> b) {
      if (this == PATHS) {
        return Arrays.compareUnsigned(a.name, b.name);
      }
      if (this == DIRECTORIES && a.isBelow() != b.isBelow()) {
        return a.isBelow() ? 1 : -1;
      }
      int names = Arrays.compareUnsigned(a.name, 0, a.plainLength(), b.name, 0, b.plainLength());
      return names != 0 ? names : Boolean.compare(a.isBelow(), b.isBelow());
    }
  }

  /**
   * One path.
   *
   * @param path starting with {@code /}
   * @param depth names below where the walk started
   * @param inode what it names
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Step<I>(byte[] path, int depth, I inode) {}

  /** A directory's entries still to come; its path ends with {@code /}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Level<I>(byte[] path, Deque<Pending<I>> entries) {}

  /** A name, or with a {@code /} after it all that is below that name. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Pending<I>(byte[] name, I inode) {
    boolean isBelow() {
      return name[name.length - 1] == '/';
    }

    int plainLength() {
      return isBelow() ? name.length - 1 : name.length;
    }
  }

  private TreeWalk(Directories<I> directories, Order order, @Nullable Step<I> first, int deepest) {
    this.directories = directories;
    this.order = order;
    this.first = first;
    this.deepest = deepest;
    this.roomLeft = directories.totalRoom();
  }

  /**
   * All paths in the order of their bytes; none where the view has no tree.
   *
   * @throws CorruptImageException if the root cannot be read
   */
  public static <I> TreeWalk<I> all(Directories<I> directories) throws CorruptImageException {
    I root = directories.root();
    Step<I> first = root == null ? null : new Step<>(new byte[] {'/'}, 0, root);
    return new TreeWalk<>(directories, Order.PATHS, first, Integer.MAX_VALUE);
  }

  /**
   * A path and all below it.
   *
   * @param path where the inode is
   * @param order what comes after what
   * @param deepest how many names below it the walk goes
   */
  public static <I> TreeWalk<I> from(
      Directories<I> directories, byte[] path, I inode, Order order, int deepest) {
    return new TreeWalk<>(directories, order, new Step<>(path, 0, inode), deepest);
  }

  /**
   * The next path, or null after the last.
   *
   * @throws CorruptImageException if the tree cannot be followed
   */
  public @Nullable Step<I> next() throws CorruptImageException {
    if (first != null) {
      Step<I> step = first;
      first = null;
      boolean slash = step.path[step.path.length - 1] == '/';
      if (deepest > 0 && (order == Order.PATHS || directories.isDirectory(step.inode))) {
        descend(slash ? step.path : join(step.path, new byte[] {'/'}), step.inode);
      }
      return step;
    }
    while (!levels.isEmpty()) {
      Level<I> level = levels.getLast();
      Pending<I> pending = level.entries.pollFirst();
      if (pending == null) {
        levels.removeLast();
      } else if (pending.isBelow()) {
        descend(join(level.path, pending.name), pending.inode);
      } else {
        return new Step<>(join(level.path, pending.name), levels.size(), pending.inode);
      }
    }
    return null;
  }

  private byte[] join(byte[] directory, byte[] name) throws CorruptImageException {
    if (directory.length > LONGEST_PATH - name.length) {
      String start = Escapes.escape(Arrays.copyOf(directory, 64)) + "…";
      throw directories.corrupt(
          start, "paths of at most " + LONGEST_PATH + " bytes", "a longer one");
    }
    byte[] path = Arrays.copyOf(directory, directory.length + name.length);
    System.arraycopy(name, 0, path, directory.length, name.length);
    return path;
  }

  private void descend(byte[] path, I directory) throws CorruptImageException {
    if (!reached.add(directories.number(directory))) {
      String found =
          directories.numberName()
              + " "
              + Long.toUnsignedString(directories.number(directory))
              + " again";
      throw directories.corrupt(Escapes.escape(path), "a directory of one parent", found);
    }
    roomLeft -= directories.room(directory);
    if (roomLeft < 0) {
      String room = directories.roomName();
      throw directories.corrupt(
          Escapes.escape(path),
          "directories with " + room + " of their own",
          room + " that overlap");
    }
    List<Pending<I>> pending = new ArrayList<>();
    for (Directories.Child<I> child : directories.children(path, directory)) {
      byte[] name = child.name();
      pending.add(new Pending<>(name, child.inode()));
      if (levels.size() + 1 < deepest && directories.isDirectory(child.inode())) {
        byte[] below = Arrays.copyOf(name, name.length + 1);
        below[below.length - 1] = '/';
        pending.add(new Pending<>(below, child.inode()));
      }
    }
    pending.sort(order::compare);
    levels.addLast(new Level<>(path, new ArrayDeque<>(pending)));
  }
}

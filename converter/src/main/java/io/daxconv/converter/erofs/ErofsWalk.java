package io.daxconv.converter.erofs;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.EntryName;
import io.daxconv.converter.daxfs.FileMode;
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
 * Goes through all paths of the view in the order of their bytes. A directory's own path and the
 * paths below it are two steps among its siblings, {@code a} and {@code a/}, for {@code a-b} sorts
 * between them.
 *
 * <p>A directory with two parents, or directories that share their blocks, would take for ever;
 * such a view ends with a {@link CorruptImageException}. Memory is in proportion to the entries of
 * the directories on the way from the root to the current path, and to the number of directories.
 */
public final class ErofsWalk {
  /** As in the walk through a DAXFS tree: a deep chain costs quadratic time. */
  private static final int LONGEST_PATH = 1 << 16;

  private final ErofsView view;
  private final Set<Long> reached = new HashSet<>();
  private final Deque<Level> levels = new ArrayDeque<>();
  private long bytesLeft;
  private boolean started;

  ErofsWalk(ErofsView view) {
    this.view = view;
    this.bytesLeft = view.size();
  }

  /**
   * One path.
   *
   * @param path from the root, starting with {@code /}
   * @param inode what it names
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Step(byte[] path, PlacedInode inode) {}

  /** A directory's entries still to come; its path ends with {@code /}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Level(byte[] path, Deque<Pending> entries) {}

  /** A name, or with a {@code /} after it all that is below that name. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Pending(byte[] name, PlacedInode inode) {
    boolean isBelow() {
      return name[name.length - 1] == '/';
    }
  }

  /**
   * The next path, or null after the last.
   *
   * @throws CorruptImageException if the tree cannot be followed
   */
  public @Nullable Step next() throws CorruptImageException {
    if (!started) {
      started = true;
      PlacedInode root = view.root();
      byte[] path = {'/'};
      descend(path, root);
      return new Step(path, root);
    }
    while (!levels.isEmpty()) {
      Level level = levels.getLast();
      Pending pending = level.entries.pollFirst();
      if (pending == null) {
        levels.removeLast();
      } else if (pending.isBelow()) {
        descend(join(level.path, pending.name), pending.inode);
      } else {
        return new Step(join(level.path, pending.name), pending.inode);
      }
    }
    return null;
  }

  private byte[] join(byte[] directory, byte[] name) throws CorruptImageException {
    if (directory.length > LONGEST_PATH - name.length) {
      String start = Escapes.escape(Arrays.copyOf(directory, 64)) + "…";
      throw view.corrupt(start, "paths of at most " + LONGEST_PATH + " bytes", "a longer one");
    }
    byte[] path = Arrays.copyOf(directory, directory.length + name.length);
    System.arraycopy(name, 0, path, directory.length, name.length);
    return path;
  }

  private void descend(byte[] path, PlacedInode directory) throws CorruptImageException {
    if (!reached.add(directory.nid())) {
      String found = "nid " + directory.nid() + " again";
      throw view.corrupt(Escapes.escape(path), "a directory of one parent", found);
    }
    bytesLeft -= directory.inode().size();
    if (bytesLeft < 0) {
      throw view.corrupt(
          Escapes.escape(path), "directories with blocks of their own", "blocks that overlap");
    }
    List<Pending> pending = new ArrayList<>();
    for (ErofsEntry entry : view.entries(directory)) {
      if (!entry.isDots()) {
        add(path, entry, pending);
      }
    }
    pending.sort((a, b) -> Arrays.compareUnsigned(a.name, b.name));
    levels.addLast(new Level(path, new ArrayDeque<>(pending)));
  }

  private void add(byte[] directory, ErofsEntry entry, List<Pending> pending)
      throws CorruptImageException {
    if (!EntryName.isValid(entry.name())) {
      String found = Escapes.escape(entry.name());
      throw view.corrupt(Escapes.escape(directory), "names that can be looked up", found);
    }
    PlacedInode inode = view.inode(entry.nid());
    pending.add(new Pending(entry.name(), inode));
    if (inode.type() == FileMode.DIRECTORY) {
      byte[] below = Arrays.copyOf(entry.name(), entry.name().length + 1);
      below[below.length - 1] = '/';
      pending.add(new Pending(below, inode));
    }
  }
}

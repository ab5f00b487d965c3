package io.daxconv.converter.daxfs;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.text.Escapes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through all paths of an image in the order of their bytes. A directory's own path and the
 * paths below it are two steps among its siblings, {@code a} and {@code a/}, for {@code a-b} sorts
 * between them.
 *
 * <p>An image in which a directory has two parents, or whose directories share their entries, would
 * take for ever; it ends with a {@link CorruptImageException}. Memory is in proportion to the
 * entries of the directories on the way from the root to the current path.
 */
public final class TreeWalk {
  /** Longer paths are of no use to anybody, and in a deep chain they cost quadratic time. */
  private static final int LONGEST_PATH = 1 << 16;

  private final DaxfsImage image;
  private final BitSet reached = new BitSet();
  private final Deque<Level> levels = new ArrayDeque<>();
  private long entriesLeft;
  private boolean started;

  TreeWalk(DaxfsImage image, @Nullable BaseImage base) {
    this.image = image;
    this.started = base == null;
    this.entriesLeft = base == null ? 0 : base.entryRoom();
  }

  /**
   * One path.
   *
   * @param path from the root, starting with {@code /}
   * @param inode what it names
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Step(byte[] path, InodeEntry inode) {}

  /** A directory's entries still to come; its path ends with {@code /}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Level(byte[] path, Deque<Pending> entries) {}

  /** A name, or with a {@code /} after it all that is below that name. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Pending(byte[] name, InodeEntry inode) {
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
      InodeEntry root = image.inode(Superblock.ROOT_INODE);
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
      throw image.corrupt(start, "paths of at most " + LONGEST_PATH + " bytes", "a longer one");
    }
    byte[] path = Arrays.copyOf(directory, directory.length + name.length);
    System.arraycopy(name, 0, path, directory.length, name.length);
    return path;
  }

  private void descend(byte[] path, InodeEntry directory) throws CorruptImageException {
    if (reached.get(directory.number())) {
      String number = "inode " + directory.number();
      throw image.corrupt(Escapes.escape(path), "a directory of one parent", number + " again");
    }
    reached.set(directory.number());
    entriesLeft -= image.array(directory).count();
    if (entriesLeft < 0) {
      throw image.corrupt(
          Escapes.escape(path), "directories with entries of their own", "entries that overlap");
    }
    List<Pending> pending = new ArrayList<>();
    for (DirectoryEntry entry : image.entries(directory)) {
      add(path, entry, pending);
    }
    pending.sort((a, b) -> Arrays.compareUnsigned(a.name, b.name));
    levels.addLast(new Level(path, new ArrayDeque<>(pending)));
  }

  private void add(byte[] directory, DirectoryEntry entry, List<Pending> pending)
      throws CorruptImageException {
    if (!EntryName.isValid(entry)) {
      String found = "\"" + Escapes.escape(entry.name()) + "\" of " + entry.nameLength() + " bytes";
      throw image.corrupt(Escapes.escape(directory), "names that can be looked up", found);
    }
    InodeEntry inode = image.inode(Integer.toUnsignedLong(entry.inode()));
    pending.add(new Pending(entry.name(), inode));
    if (FileMode.type(inode.mode()) == FileMode.DIRECTORY) {
      byte[] below = Arrays.copyOf(entry.name(), entry.name().length + 1);
      below[below.length - 1] = '/';
      pending.add(new Pending(below, inode));
    }
  }
}

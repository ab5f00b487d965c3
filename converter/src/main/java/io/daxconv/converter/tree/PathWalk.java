package io.daxconv.converter.tree;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * All paths below a directory, each directory before its children, the children in the order of
 * their names' bytes. Keeps its own stack: trees may be deeper than a thread's goes.
 */
public final class PathWalk {
  private final Deque<Level> levels = new ArrayDeque<>();
  private byte[] path = new byte[256];
  private int length;
  private Node node;

  /** The children of a directory that are still to come, and where its path ends. */
  private static final class Level {
    private final Children children;
    private final int pathLength;
    private int next;

    Level(Directory directory, int pathLength) {
      this.children = directory.children();
      this.pathLength = pathLength;
    }
  }

  /** Starts before the root's first child; the root itself is not one of the paths. */
  public PathWalk(Directory root) {
    node = root;
    levels.push(new Level(root, 0));
  }

  /** Goes to the next path; false if there is none. */
  public boolean next() {
    while (!levels.isEmpty()) {
      Level level = levels.getFirst();
      if (level.next < level.children.size()) {
        enter(level, level.next++);
        return true;
      }
      levels.pop();
    }
    return false;
  }

  private void enter(Level level, int child) {
    byte[] name = level.children.name(child);
    length = level.pathLength + 1 + name.length;
    if (length > path.length) {
      path = Arrays.copyOf(path, 2 * length);
    }
    path[level.pathLength] = '/';
    System.arraycopy(name, 0, path, level.pathLength + 1, name.length);
    node = level.children.node(child);
    if (node instanceof Directory directory) {
      levels.push(new Level(directory, length));
    }
  }

  /** The path, starting with {@code /}; a copy. */
  public byte[] path() {
    return Arrays.copyOf(path, length);
  }

  /** What the path leads to. */
  public Node node() {
    return node;
  }
}

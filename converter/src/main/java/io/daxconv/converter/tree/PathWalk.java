package io.daxconv.converter.tree;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;

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
  private record Level(Iterator<Map.Entry<Name, Node>> children, int pathLength) {}

  /** Starts before the root's first child; the root itself is not one of the paths. */
  public PathWalk(Directory root) {
    node = root;
    levels.push(new Level(root.children().entrySet().iterator(), 0));
  }

  /** Goes to the next path; false if there is none. */
  public boolean next() {
    while (!levels.isEmpty()) {
      Level level = levels.getFirst();
      if (level.children().hasNext()) {
        enter(level, level.children().next());
        return true;
      }
      levels.pop();
    }
    return false;
  }

  private void enter(Level level, Map.Entry<Name, Node> child) {
    byte[] name = child.getKey().bytes();
    length = level.pathLength() + 1 + name.length;
    if (length > path.length) {
      path = Arrays.copyOf(path, 2 * length);
    }
    path[level.pathLength()] = '/';
    System.arraycopy(name, 0, path, level.pathLength() + 1, name.length);
    node = child.getValue();
    if (node instanceof Directory directory) {
      levels.push(new Level(directory.children().entrySet().iterator(), length));
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

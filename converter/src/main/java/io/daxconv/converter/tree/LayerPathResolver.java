package io.daxconv.converter.tree;

import io.daxconv.converter.text.Escapes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows the symlinks that a layer itself has made on the way to a path, inside the root: an
 * absolute target starts at the root and {@code ..} never climbs above it. Symlinks of lower layers
 * are not followed here: an entry's directory replaces them, and what a hard link's target has of
 * them is known later ({@link LowerLinks}).
 */
final class LayerPathResolver {
  /** Linux gives up after 40 as well (path_resolution(7)). */
  static final int MAX_SYMLINKS = 40;

  private final Directory root;

  LayerPathResolver(Directory root) {
    this.root = root;
  }

  /**
   * Where a directory's path really leads.
   *
   * @param names the path
   * @param shown the whole path as the entry has it, for messages
   */
  List<Name> resolve(List<Name> names, byte[] shown) throws FlattenException {
    Walk walk = new Walk();
    Deque<Name> left = new ArrayDeque<>(names);
    int followed = 0;
    while (!left.isEmpty()) {
      Name name = left.removeFirst();
      if (name.is("..")) {
        walk.up();
      } else if (walk.down(name) instanceof Symlink symlink) {
        if (++followed > MAX_SYMLINKS) {
          throw new FlattenException(
              "path "
                  + Escapes.escape(shown)
                  + ": expected at most "
                  + MAX_SYMLINKS
                  + " symlinks on the way, found more; it is a symlink loop");
        }
        walk.up();
        if (symlink.target()[0] == '/') {
          walk.toRoot();
        }
        prepend(symlink.target(), left);
      }
    }
    LayerPath.checkLength(walk.names, shown);
    return walk.names;
  }

  /** A path with the node that this layer has at each step, or null where it has none. */
  private final class Walk {
    private final List<Name> names = new ArrayList<>();
    private final List<@Nullable Node> nodes = new ArrayList<>();

    @Nullable Node down(Name name) {
      Node here = nodes.isEmpty() ? root : nodes.getLast();
      Node child = here instanceof Directory directory ? directory.child(name) : null;
      names.add(name);
      nodes.add(child);
      return child;
    }

    void up() {
      if (!names.isEmpty()) {
        names.removeLast();
        nodes.removeLast();
      }
    }

    void toRoot() {
      names.clear();
      nodes.clear();
    }
  }

  /** How many names of a path, from the first, are directories of this layer. */
  int directories(List<Name> path) {
    Directory directory = root;
    for (int i = 0; i < path.size(); i++) {
      if (!(directory.child(path.get(i)) instanceof Directory next)) {
        return i;
      }
      directory = next;
    }
    return path.size();
  }

  /** The node that this layer has at a path of real directories, or null. */
  @Nullable Node find(List<Name> path) {
    Node node = root;
    for (Name name : path) {
      if (!(node instanceof Directory directory)) {
        return null;
      }
      node = directory.child(name);
    }
    return node;
  }

  /**
   * Puts a target's components before the rest; {@code ..} stays, to be taken when it is reached.
   */
  static void prepend(byte[] target, Deque<Name> left) throws FlattenException {
    int to = target.length;
    for (int i = target.length - 1; i >= -1; i--) {
      if (i < 0 || target[i] == '/') {
        Name name = new Name(Arrays.copyOfRange(target, i + 1, to));
        if (name.length() > LayerPath.MAX_NAME) {
          throw new FlattenException(
              "symlink target: expected names of at most " + LayerPath.MAX_NAME + " bytes");
        }
        if (name.length() > 0 && !name.is(".")) {
          left.addFirst(name);
        }
        to = i;
      }
    }
  }
}

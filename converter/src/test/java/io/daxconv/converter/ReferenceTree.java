package io.daxconv.converter;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What layers mean, said in the simplest way: every layer becomes a tree of its own, and the trees
 * are put over each other oldest first. It shares nothing with the converter, knows no tar, and
 * reads no files.
 */
final class ReferenceTree {
  /** What an operation of a random layer does. */
  enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    HARD_LINK,
    FIFO,
    WHITEOUT,
    OPAQUE
  }

  /**
   * One entry of a layer.
   *
   * @param path names with slashes between; of a whiteout what it hides, of an opaque mark its
   *     directory
   * @param text content of a file, target of a symlink or hard link
   * @param uid the owner, which tells entries apart
   */
  record Entry(Kind kind, String path, String text, int uid) {}

  /** An inode; a directory if it has children. */
  private static final class Node {
    final Kind kind;
    final String text;
    int uid;
    boolean described;
    final TreeMap<String, Node> children = new TreeMap<>();
    final Set<String> whiteouts = new TreeSet<>();
    boolean opaque;

    Node(Kind kind, String text, int uid) {
      this.kind = kind;
      this.text = text;
      this.uid = uid;
    }

    boolean isDirectory() {
      return kind == Kind.DIRECTORY;
    }
  }

  /** A layer that is an error, as far as this model has errors. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private Node root = new Node(Kind.DIRECTORY, "", 0);

  /**
   * The listing that these layers give: {@code /path type uid content}, in the order of paths, with
   * the first name of hard-linked files.
   */
  static List<String> list(List<List<Entry>> layers) throws Refused {
    ReferenceTree tree = new ReferenceTree();
    for (List<Entry> layer : layers) {
      tree.root = over(tree.root, tree.layer(layer));
    }
    TreeMap<String, Node> paths = new TreeMap<>();
    collect("", tree.root, paths);
    List<String> lines = new ArrayList<>();
    IdentityHashMap<Node, String> firstNames = new IdentityHashMap<>();
    paths.forEach(
        (path, node) -> {
          String first = firstNames.putIfAbsent(node, path);
          lines.add(line(path, node, first));
        });
    return lines;
  }

  private static String line(String path, Node node, @Nullable String first) {
    String content =
        switch (node.kind) {
          case DIRECTORY -> "/";
          case SYMLINK -> " -> " + node.text;
          default -> " '" + node.text + "'";
        };
    return path + (first == null ? content : " = " + first) + " " + node.uid;
  }

  private static void collect(String path, Node directory, Map<String, Node> paths) {
    directory.children.forEach(
        (name, child) -> {
          if (child.kind != Kind.FIFO) {
            paths.put(path + "/" + name, child);
          }
          collect(path + "/" + name, child, paths);
        });
  }

  /** One layer as a tree of its own; hard links may reach into what is below. */
  private Node layer(List<Entry> entries) throws Refused {
    Node own = new Node(Kind.DIRECTORY, "", 0);
    // Directories in which whiteouts stand need not be there: they are kept by their place.
    List<Runnable> whiteouts = new ArrayList<>();
    for (Entry entry : entries) {
      List<String> path = List.of(entry.path.split("/", -1));
      if (entry.kind == Kind.OPAQUE || entry.kind == Kind.WHITEOUT) {
        boolean opaque = entry.kind == Kind.OPAQUE;
        List<String> place = opaque ? path : path.subList(0, path.size() - 1);
        List<String> resolved = resolve(own, place, new HashSet<>());
        whiteouts.add(() -> hide(own, resolved, opaque ? null : path.getLast()));
        continue;
      }
      List<String> parent = resolve(own, path.subList(0, path.size() - 1), new HashSet<>());
      Node directory = make(own, parent);
      String name = path.getLast();
      Node there = directory.children.get(name);
      switch (entry.kind) {
        case DIRECTORY -> {
          Node made =
              there != null && there.isDirectory() ? there : new Node(Kind.DIRECTORY, "", 0);
          made.uid = entry.uid;
          made.described = true;
          directory.children.put(name, made);
        }
        case HARD_LINK -> directory.children.put(name, target(own, entry.text));
        default -> directory.children.put(name, new Node(entry.kind, entry.text, entry.uid));
      }
    }
    whiteouts.forEach(Runnable::run);
    return own;
  }

  /** The place of a path, symlinks of this layer followed inside the root. */
  private static List<String> resolve(Node own, List<String> path, Set<String> followed)
      throws Refused {
    List<String> place = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      String name = path.get(i);
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        if (!place.isEmpty()) {
          place.removeLast();
        }
        continue;
      }
      Node node = find(own, place, name);
      if (node == null || node.kind != Kind.SYMLINK) {
        place.add(name);
        continue;
      }
      if (!followed.add(String.join("/", place) + "/" + name + "@" + (path.size() - i))) {
        throw new Refused("loop");
      }
      if (followed.size() > 200) {
        throw new Refused("loop");
      }
      List<String> rest = new ArrayList<>();
      if (!node.text.startsWith("/")) {
        rest.addAll(place);
      }
      rest.addAll(List.of(node.text.split("/", -1)));
      rest.addAll(path.subList(i + 1, path.size()));
      return resolve(own, rest, followed);
    }
    return place;
  }

  private static @Nullable Node find(Node from, List<String> place, String name) {
    Node directory = from;
    for (String step : place) {
      Node next = directory.children.get(step);
      if (next == null) {
        return null;
      }
      directory = next;
    }
    return directory.children.get(name);
  }

  private static Node make(Node own, List<String> place) throws Refused {
    Node directory = own;
    for (String step : place) {
      directory = directory.children.computeIfAbsent(step, name -> new Node(Kind.DIRECTORY, "", 0));
      if (!directory.isDirectory()) {
        throw new Refused("through a file");
      }
    }
    return directory;
  }

  /**
   * What a hard link leads to: a file of this layer, or one at a path "that only a lower layer
   * has". The latter holds even where this layer has a file in place of one of the path's
   * directories.
   */
  private Node target(Node own, String target) throws Refused {
    List<String> path = List.of(target.split("/", -1));
    List<String> place = resolve(own, path.subList(0, path.size() - 1), new HashSet<>());
    Node found = find(own, place, path.getLast());
    found = found == null ? find(root, place, path.getLast()) : found;
    if (found == null || found.isDirectory()) {
      throw new Refused("hard link to nothing: " + target);
    }
    return found;
  }

  /** Notes what a layer hides, below directories that are marked as not the layer's own. */
  private static void hide(Node own, List<String> place, @Nullable String name) {
    Node directory = own;
    for (String step : place) {
      Node next = directory.children.get(step);
      if (next == null) {
        next = new Node(Kind.OPAQUE, "", 0);
        directory.children.put(step, next);
      } else if (!next.isDirectory() && next.kind != Kind.OPAQUE) {
        return;
      }
      directory = next;
    }
    if (name == null) {
      directory.opaque = true;
    } else {
      directory.whiteouts.add(name);
    }
  }

  /** A layer's directory over the one below it, which it changes. */
  private static Node over(Node lower, Node upper) {
    if (upper.described) {
      lower.uid = upper.uid;
    }
    if (upper.opaque) {
      lower.children.clear();
    }
    upper.whiteouts.forEach(lower.children::remove);
    upper.children.forEach(
        (name, child) -> {
          Node below = lower.children.get(name);
          if (child.kind == Kind.OPAQUE) {
            // Only whiteouts stand in it: it makes no directory.
            if (below != null && below.isDirectory()) {
              over(below, child);
            }
          } else if (!child.isDirectory()) {
            lower.children.put(name, child);
          } else if (below != null && below.isDirectory()) {
            over(below, child);
          } else {
            lower.children.put(name, over(new Node(Kind.DIRECTORY, "", 0), child));
          }
        });
    return lower;
  }
}

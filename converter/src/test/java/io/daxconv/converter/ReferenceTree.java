package io.daxconv.converter;

import java.util.ArrayList;
import java.util.Collections;
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
   * What hard links to lower layers have brought into a newer one. A path there does not go through
   * it, be it a symlink: the newest layer is read first, when nobody knows what it is.
   */
  private final Set<Node> brought = Collections.newSetFromMap(new IdentityHashMap<>());

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
        case HARD_LINK -> {
          List<String> place = new ArrayList<>(parent);
          place.add(name);
          directory.children.put(name, target(own, entry.text, place));
        }
        default -> directory.children.put(name, new Node(entry.kind, entry.text, entry.uid));
      }
    }
    whiteouts.forEach(Runnable::run);
    return own;
  }

  /** The place of a path, symlinks of this layer followed inside the root. */
  private List<String> resolve(Node own, List<String> path, Set<String> followed) throws Refused {
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
      if (node == null || node.kind != Kind.SYMLINK || brought.contains(node)) {
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
  private Node target(Node own, String target, List<String> link) throws Refused {
    List<String> path = List.of(target.split("/", -1));
    List<String> place = resolve(own, path.subList(0, path.size() - 1), new HashSet<>());
    if ((String.join("/", place) + "/" + path.getLast() + "/")
        .replaceFirst("^/", "")
        .startsWith(String.join("/", link) + "/")) {
      throw new Refused("hard link to itself: " + target);
    }
    Node found = find(own, place, path.getLast());
    boolean lower = found == null;
    found = lower ? find(root, place, path.getLast()) : found;
    if (found == null && goesThroughLowerSymlink(own, place)) {
      found = follow(own, String.join("/", place) + "/" + path.getLast());
    }
    if (found == null || found.isDirectory()) {
      throw new Refused("hard link to nothing: " + target);
    }
    if (lower) {
      brought.add(found);
    }
    return found;
  }

  /** Whether the first thing on the way that is not there in its own right is a lower symlink. */
  private boolean goesThroughLowerSymlink(Node own, List<String> place) {
    for (int i = 0; i < place.size(); i++) {
      Node mine = find(own, place.subList(0, i), place.get(i));
      Node below = find(root, place.subList(0, i), place.get(i));
      if ((mine != null && mine.isDirectory()) || (below != null && below.isDirectory())) {
        continue;
      }
      return below != null && below.kind == Kind.SYMLINK;
    }
    return false;
  }

  /** A path in what is below with the layer over it, symlinks followed; the first one is below. */
  private @Nullable Node follow(Node own, String path) throws Refused {
    List<String> left = new ArrayList<>(List.of(path.split("/", -1)));
    List<String> place = new ArrayList<>();
    int followed = 0;
    while (!left.isEmpty()) {
      String name = left.removeFirst();
      if (name.equals("..") && !place.isEmpty()) {
        place.removeLast();
      }
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        continue;
      }
      Node node = followed == 0 ? null : find(own, place, name);
      node = node == null ? find(root, place, name) : node;
      node = node == null && followed == 0 ? find(own, place, name) : node;
      if (node == null) {
        return null;
      }
      if (left.isEmpty()) {
        if (node.isDirectory()) {
          throw new Refused("hard link to a directory: " + path);
        }
        return node;
      }
      if (node.isDirectory()) {
        place.add(name);
        continue;
      }
      if (node.kind != Kind.SYMLINK || ++followed > 40) {
        throw new Refused("hard link through a file, or a loop: " + path);
      }
      left.addAll(0, List.of(node.text.split("/", -1)));
      if (node.text.startsWith("/")) {
        place.clear();
      }
      if (followed == 1) {
        left.addAll(0, place);
        place.clear();
      }
    }
    throw new Refused("hard link to a directory: " + path);
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

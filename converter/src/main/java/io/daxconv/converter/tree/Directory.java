package io.daxconv.converter.tree;

import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.Xattrs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A directory, in one layer's tree or in the merged one. In both it also says what it does to the
 * layers below: which names it hides, and how much of a lower directory shines through.
 */
public final class Directory extends Node {
  private static final Attributes DEFAULT = new Attributes(0755, 0, 0, Xattrs.NONE);

  private final Children children;
  private @Nullable TreeSet<Name> whiteouts;
  private @Nullable Directory parent;

  /** False for a mere path to whiteouts: it makes no directory where none is below. */
  private boolean real;

  /** No metadata of lower layers counts: it has its own, or nothing below it is its own kind. */
  private boolean metadataFinal;

  /** No children of lower layers shine through. */
  private boolean opaque;

  /** Nothing at this path of lower layers is of any concern. */
  private boolean closed;

  private Directory(boolean real) {
    super(DEFAULT);
    this.real = real;
    this.children = new Children();
  }

  private Directory(Directory other) {
    super(DEFAULT);
    this.children = other.children.copy();
    this.whiteouts = other.whiteouts == null ? null : new TreeSet<>(other.whiteouts);
    this.real = other.real;
    this.opaque = other.opaque;
  }

  /** A directory that an entry's path implies. */
  static Directory implied() {
    return new Directory(true);
  }

  /** A root directory in which the roots of several images stand, by their names. */
  public static Directory holding(SortedMap<String, Directory> roots) {
    Directory directory = new Directory(true);
    roots.forEach((name, root) -> directory.put(name.getBytes(StandardCharsets.UTF_8), root));
    return directory;
  }

  /** A mere path to whiteouts. */
  static Directory pathOnly() {
    return new Directory(false);
  }

  /**
   * The paths below this directory and what is hidden there, without directories' metadata. What is
   * no directory is the same node as here.
   */
  Directory copyOfPaths() {
    Directory copy = new Directory(this);
    Deque<Directory> left = new ArrayDeque<>();
    left.push(copy);
    while (!left.isEmpty()) {
      Children below = left.pop().children;
      for (int i = 0; i < below.slots(); i++) {
        if (below.nodeOrNull(i) instanceof Directory child) {
          Directory own = new Directory(child);
          below.set(i, own);
          left.push(own);
        }
      }
    }
    return copy;
  }

  /** The children in the order of their names' bytes. */
  public Children children() {
    children.settle();
    return children;
  }

  /** The directory that this one is in; the root is in itself. */
  public Directory parent() {
    return parent == null ? this : parent;
  }

  public int size() {
    return children.size();
  }

  @Nullable Node child(Name name) {
    return children.get(name.bytes());
  }

  /** Puts a child under a name and returns the one that was there. */
  @Nullable Node put(Name name, Node child) {
    return put(name.bytes(), child);
  }

  /** The same with the name's bytes. */
  @Nullable Node put(byte[] name, Node child) {
    if (child instanceof Directory directory) {
      directory.parent = this;
    }
    return children.put(name, child);
  }

  void remove(Name name) {
    children.remove(name.bytes());
  }

  /** The children as they came, not sorted. */
  Children unsortedChildren() {
    return children;
  }

  void addWhiteout(Name name) {
    if (whiteouts == null) {
      whiteouts = new TreeSet<>();
    }
    whiteouts.add(name);
  }

  boolean hides(Name name) {
    return opaque || (whiteouts != null && whiteouts.contains(name));
  }

  Iterable<Name> whiteouts() {
    return whiteouts == null ? java.util.List.of() : whiteouts;
  }

  void dropWhiteouts() {
    whiteouts = null;
  }

  boolean isReal() {
    return real;
  }

  void makeReal() {
    real = true;
  }

  /** Takes the metadata of an entry of its own. */
  void describe(LayerEntry entry, Attributes attributes) {
    setMetadata(entry, attributes);
    real = true;
    metadataFinal = true;
  }

  boolean isOpaque() {
    return opaque;
  }

  void makeOpaque() {
    opaque = true;
  }

  boolean isMetadataFinal() {
    return metadataFinal;
  }

  void finishMetadata() {
    metadataFinal = true;
  }

  /** Nothing of lower layers shines through any more, neither children nor metadata. */
  void closeOff() {
    opaque = true;
    metadataFinal = true;
    closed = true;
  }

  boolean isClosedOff() {
    return closed;
  }
}

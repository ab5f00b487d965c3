package io.daxconv.converter.tree;

import io.daxconv.converter.annex.Remark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Layers stacked from the newest down. What the newer layers have or hide is known before a lower
 * one is read, so the bytes of files that nobody will see need not be kept.
 *
 * <p>The rules are those of image-spec layer.md, and where it is silent what container runtimes
 * show: directories merge, anything else replaces, whiteouts hide what is below their own layer.
 */
public final class MergedTree {
  private final Directory root = Directory.implied();
  private final List<Remark> remarks = new ArrayList<>();
  private final LowerLinks links = new LowerLinks();
  private int lowerLayer;

  /**
   * Whether a regular file at this path of the next lower layer may be seen in the end. False is
   * not final: another name of the same file may be seen although this one is hidden.
   */
  public boolean admits(List<Name> file) {
    if (links.leadTo(file)) {
      return true;
    }
    Directory directory = root;
    for (Name name : file) {
      Node child = directory.child(name);
      if (directory.hides(name)) {
        return false;
      }
      if (child == null) {
        return true;
      }
      if (!(child instanceof Directory next)) {
        return false;
      }
      directory = next;
    }
    return !directory.isReal();
  }

  /** Puts the next lower layer, read to its end, below what is there. */
  public void addLower(LayerTree layer) throws FlattenException {
    lowerLayer = layer.layer();
    links.addLower(layer);
    mergeMetadata(root, layer.root());
    mergeAll(layer.root());
  }

  /**
   * The tree, once the oldest layer is in it.
   *
   * @throws FlattenException if a hard link leads nowhere
   */
  public Directory finish() throws FlattenException {
    links.finish();
    prune(root);
    return root;
  }

  /** Places that deserve a look, sorted by path. */
  public List<Remark> remarks() {
    List<Remark> sorted = new ArrayList<>(remarks);
    sorted.sort(java.util.Comparator.comparing(Remark::path).thenComparing(Remark::id));
    return Collections.unmodifiableList(sorted);
  }

  /** Two directories of one path, the lower of which goes below the upper. */
  private record Pair(Directory upper, Directory lower, List<Name> path) {}

  /** With a list of its own and not by recursion: trees may be deeper than a thread's stack. */
  private void mergeAll(Directory lowerRoot) {
    Deque<Pair> pairs = new ArrayDeque<>();
    pairs.push(new Pair(root, lowerRoot, List.of()));
    while (!pairs.isEmpty()) {
      merge(pairs.pop(), pairs);
    }
  }

  private void merge(Pair pair, Deque<Pair> further) {
    Directory upper = pair.upper();
    Directory lower = pair.lower();
    Children children = lower.unsortedChildren();
    for (int i = 0; i < children.slots(); i++) {
      Node child = children.nodeOrNull(i);
      Name name = new Name(children.name(i));
      if (child == null || upper.hides(name)) {
        continue;
      }
      Node there = upper.child(name);
      if (there == null) {
        upper.put(name, child);
      } else if (there instanceof Directory directory) {
        mergeChild(pair, name, directory, child, further);
      }
    }
    for (Name name : lower.whiteouts()) {
      Node there = upper.child(name);
      // Beside a directory of the same name, the whiteout has closed that directory off instead.
      if (there == null) {
        upper.addWhiteout(name);
      } else if (there instanceof Directory directory) {
        hide(upper, name, directory);
      }
    }
    if (lower.isOpaque()) {
      upper.makeOpaque();
    }
  }

  private void mergeChild(
      Pair parents, Name name, Directory upper, Node lower, Deque<Pair> further) {
    if (lower instanceof Directory directory) {
      if (directory.isReal()) {
        mergeMetadata(upper, directory);
        upper.makeReal();
      }
      List<Name> path = new ArrayList<>(parents.path());
      path.add(name);
      further.push(new Pair(upper, directory, path));
    } else if (upper.isReal()) {
      if (lower instanceof Symlink symlink && !upper.isClosedOff()) {
        List<Name> path = new ArrayList<>(parents.path());
        path.add(name);
        remarks.add(
            new Remark(
                "symlink-replaced-by-directory",
                LayerPath.show(path),
                // Not by its digest: that is another one where the layer is compressed otherwise.
                "a newer layer has a directory where layer "
                    + (lowerLayer + 1)
                    + " has a symlink to "
                    + new Name(symlink.target())));
      }
      upper.closeOff();
    } else {
      parents.upper().put(name, lower);
    }
  }

  private static void mergeMetadata(Directory upper, Directory lower) {
    if (upper.isMetadataFinal()) {
      return;
    }
    if (lower.isMetadataFinal()) {
      upper.setMetadata(lower);
      upper.finishMetadata();
    }
  }

  private static void hide(Directory parent, Name name, Directory hidden) {
    if (hidden.isReal()) {
      hidden.closeOff();
    } else {
      parent.remove(name);
      parent.addWhiteout(name);
    }
  }

  private static void prune(Directory root) throws FlattenException {
    Deque<Directory> left = new ArrayDeque<>();
    left.push(root);
    while (!left.isEmpty()) {
      Directory directory = left.pop();
      directory.dropWhiteouts();
      Children children = directory.unsortedChildren();
      for (int i = 0; i < children.slots(); i++) {
        switch (children.nodeOrNull(i)) {
          case Directory child when child.isReal() -> left.push(child);
          case Directory _ -> children.set(i, null);
          case LowerLink link -> children.set(i, target(link));
          case null, default -> {}
        }
      }
      children.settle();
    }
  }

  private static Node target(LowerLink link) throws FlattenException {
    Node node = LowerLink.end(link);
    if (node == null) {
      throw link.missing();
    }
    return node;
  }
}

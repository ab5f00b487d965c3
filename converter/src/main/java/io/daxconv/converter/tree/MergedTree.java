package io.daxconv.converter.tree;

import io.daxconv.converter.annex.Remark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
  private final List<Name> path = new ArrayList<>();
  private List<LowerLink> pending = new ArrayList<>();
  private Set<List<Name>> pendingTargets = Set.of();
  private String lowerLabel = "";

  /**
   * Whether a regular file at this path of the next lower layer may be seen in the end. False is
   * not final: another name of the same file may be seen although this one is hidden.
   */
  public boolean admits(List<Name> file) {
    if (pendingTargets.contains(file)) {
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
    lowerLabel = layer.label();
    List<LowerLink> unresolved = new ArrayList<>();
    for (LowerLink link : pending) {
      if (!resolve(link, layer.root())) {
        unresolved.add(link);
      }
    }
    unresolved.addAll(layer.lowerLinks());
    pending = unresolved;
    pendingTargets = new java.util.HashSet<>();
    for (LowerLink link : pending) {
      pendingTargets.add(link.target());
    }
    path.clear();
    mergeMetadata(root, layer.root());
    merge(root, layer.root());
  }

  /**
   * The tree, once the oldest layer is in it.
   *
   * @throws FlattenException if a hard link leads nowhere
   */
  public Directory finish() throws FlattenException {
    if (!pending.isEmpty()) {
      throw missing(pending.getFirst());
    }
    prune(root);
    return root;
  }

  /** Places that deserve a look, sorted by path. */
  public List<Remark> remarks() {
    List<Remark> sorted = new ArrayList<>(remarks);
    sorted.sort(java.util.Comparator.comparing(Remark::path).thenComparing(Remark::id));
    return Collections.unmodifiableList(sorted);
  }

  /** Finds what a link stands for in one layer; false if that layer leaves the path as it was. */
  private static boolean resolve(LowerLink link, Directory layerRoot) throws FlattenException {
    Directory directory = layerRoot;
    boolean hidden = false;
    for (Iterator<Name> names = link.target().iterator(); names.hasNext(); ) {
      Name name = names.next();
      Node child = directory.child(name);
      hidden |= directory.hides(name);
      if (child == null
          || (child instanceof Directory empty && !empty.isReal() && !names.hasNext())) {
        if (hidden) {
          throw missing(link);
        }
        return false;
      }
      if (child instanceof Directory next) {
        if (!names.hasNext()) {
          throw new FlattenException(link.where() + ": expected a file, found a directory");
        }
        directory = next;
      } else if (names.hasNext()) {
        throw missing(link);
      } else {
        link.resolve(child);
      }
    }
    return true;
  }

  private static FlattenException missing(LowerLink link) {
    return new FlattenException(
        link.where()
            + ": expected its target in this layer or a lower one, found nothing at "
            + LayerPath.show(link.target()));
  }

  private void merge(Directory upper, Directory lower) {
    for (Map.Entry<Name, Node> entry : lower.modifiableChildren().entrySet()) {
      Name name = entry.getKey();
      if (upper.hides(name)) {
        // Only metadata of the directory itself may still shine through, as below an opaque one.
        continue;
      }
      Node there = upper.child(name);
      if (there == null) {
        upper.put(name, entry.getValue());
      } else if (there instanceof Directory directory) {
        path.add(name);
        mergeChild(upper, name, directory, entry.getValue());
        path.removeLast();
      }
    }
    for (Name name : lower.whiteouts()) {
      Node there = upper.child(name);
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

  private void mergeChild(Directory parent, Name name, Directory upper, Node lower) {
    if (lower instanceof Directory directory) {
      if (directory.isReal()) {
        mergeMetadata(upper, directory);
        upper.makeReal();
      }
      merge(upper, directory);
    } else if (upper.isReal()) {
      if (lower instanceof Symlink symlink && !upper.isOpaque()) {
        remarks.add(
            new Remark(
                "symlink-replaced-by-directory",
                LayerPath.show(path),
                "a newer layer has a directory where "
                    + lowerLabel
                    + " has a symlink to "
                    + new Name(symlink.target())));
      }
      upper.closeOff();
    } else {
      parent.put(name, lower);
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
      parent.modifiableChildren().remove(name);
      parent.addWhiteout(name);
    }
  }

  private static void prune(Directory directory) throws FlattenException {
    directory.dropWhiteouts();
    for (Iterator<Map.Entry<Name, Node>> children =
            directory.modifiableChildren().entrySet().iterator();
        children.hasNext(); ) {
      Map.Entry<Name, Node> entry = children.next();
      switch (entry.getValue()) {
        case Directory child when child.isReal() -> prune(child);
        case Directory _ -> children.remove();
        case LowerLink link -> entry.setValue(target(link));
        default -> {}
      }
    }
  }

  private static Node target(LowerLink link) throws FlattenException {
    @Nullable Node node = link;
    while (node instanceof LowerLink next) {
      node = next.found();
    }
    if (node == null) {
      throw missing(link);
    }
    return node;
  }
}

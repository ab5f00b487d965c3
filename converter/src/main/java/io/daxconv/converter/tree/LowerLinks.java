package io.daxconv.converter.tree;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Hard links whose targets lower layers have. A target is resolved in the tree that the layers
 * below the link's give, as a runtime finds it when it unpacks the link; where a lower layer has a
 * symlink on the way, it is followed there, inside the root.
 *
 * <p>Where a symlink leads, any layer below the link's may have something, also one that was merged
 * long ago. So layers are kept as they were before that while there are such links, and the links
 * that go through symlinks are resolved when all layers are there, the oldest link first: what a
 * link's way leads through is older than the link.
 */
final class LowerLinks {
  /** Layers that some link may need, the newest first. */
  private final List<Kept> kept = new ArrayList<>();

  private List<LowerLink> pending = new ArrayList<>();
  private final List<LowerLink> throughSymlinks = new ArrayList<>();
  private Set<List<Name>> targets = Set.of();

  /** A layer's tree, with no other's in it. */
  private record Kept(int layer, Directory root) {}

  /** How far one layer brings a link. */
  private enum Way {
    RESOLVED,
    FURTHER_DOWN,
    THROUGH_SYMLINK
  }

  /** Whether one of them leads to this path, as far as is known. */
  boolean leadTo(List<Name> file) {
    return !targets.isEmpty() && targets.contains(file);
  }

  /** Resolves what can be with one more layer, which has not been merged with others. */
  void addLower(LayerTree layer) throws FlattenException {
    List<LowerLink> furtherDown = new ArrayList<>();
    for (LowerLink link : pending) {
      switch (resolve(link, layer.root())) {
        case RESOLVED -> {}
        case FURTHER_DOWN -> furtherDown.add(link);
        case THROUGH_SYMLINK -> throughSymlinks.add(link);
      }
    }
    furtherDown.addAll(layer.lowerLinks());
    pending = furtherDown;
    targets = new HashSet<>();
    for (LowerLink link : pending) {
      targets.add(link.target());
    }
    if (throughSymlinks.isEmpty() && pending.isEmpty()) {
      kept.clear();
    } else {
      kept.add(new Kept(layer.layer(), layer.root().copyOfPaths()));
    }
  }

  /**
   * Resolves the rest, after the oldest layer.
   *
   * @throws FlattenException if a link leads nowhere
   */
  void finish() throws FlattenException {
    if (!pending.isEmpty()) {
      throw pending.getFirst().missing();
    }
    throughSymlinks.sort(
        Comparator.comparingInt(LowerLink::layer).thenComparingInt(LowerLink::number));
    StackedDirectory lower = StackedDirectory.empty();
    int layer = -1;
    for (LowerLink link : throughSymlinks) {
      if (link.layer() != layer) {
        layer = link.layer();
        lower = StackedDirectory.root(newestFrom(layer - 1), null);
      }
      StackedDirectory withOwnLayer = StackedDirectory.root(newestFrom(layer), link);
      link.resolve(new LowerLinkWay(link, lower, withOwnLayer).end());
    }
    kept.clear();
  }

  private List<Directory> newestFrom(int layer) {
    return kept.stream().filter(each -> each.layer() <= layer).map(Kept::root).toList();
  }

  /** Finds what a link stands for in one layer. */
  private static Way resolve(LowerLink link, Directory layerRoot) throws FlattenException {
    Directory directory = layerRoot;
    boolean hidden = false;
    for (Iterator<Name> names = link.target().iterator(); names.hasNext(); ) {
      Name name = names.next();
      Node child = directory.child(name);
      hidden |= directory.hides(name);
      if (child == null
          || (child instanceof Directory empty && !empty.isReal() && !names.hasNext())) {
        if (hidden) {
          throw link.missing();
        }
        return Way.FURTHER_DOWN;
      }
      if (child instanceof Directory next) {
        if (!names.hasNext()) {
          throw link.isDirectory();
        }
        directory = next;
      } else if (names.hasNext()) {
        return Way.THROUGH_SYMLINK;
      } else {
        link.resolve(child);
      }
    }
    return Way.RESOLVED;
  }
}

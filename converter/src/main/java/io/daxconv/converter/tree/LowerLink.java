package io.daxconv.converter.tree;

import io.daxconv.converter.layer.Xattrs;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hard link to a path that its own layer does not have: it stands for the inode that the lower
 * layers have there. Gone once all layers are merged.
 */
final class LowerLink extends Node {
  private static final Attributes NONE = new Attributes(0, 0, 0, Xattrs.NONE);

  private final List<Name> target;
  private final int layer;
  private final int ownDirectories;
  private final IdentityHashMap<Node, Integer> placedLater;
  private final int number;
  private final String where;
  private @Nullable Node found;

  /**
   * @param target the path it links to
   * @param layer the layer it is in
   * @param ownDirectories how many names of the target, from the first, were directories of that
   *     layer when the link was made
   * @param placedLater files of that layer that came after its first such link, with the number of
   *     those before them; still growing
   * @param number how many such links the layer has before this one
   * @param where the layer and entry, for the message if nothing is there
   */
  LowerLink(
      List<Name> target,
      int layer,
      int ownDirectories,
      IdentityHashMap<Node, Integer> placedLater,
      int number,
      String where) {
    super(NONE);
    this.target = target;
    this.layer = layer;
    this.ownDirectories = ownDirectories;
    this.placedLater = placedLater;
    this.number = number;
    this.where = where;
  }

  List<Name> target() {
    return target;
  }

  int layer() {
    return layer;
  }

  int number() {
    return number;
  }

  int ownDirectories() {
    return ownDirectories;
  }

  /** Whether a file of its own layer was there when the link was made. */
  boolean comesAfter(Node file) {
    return file != this && placedLater.getOrDefault(file, 0) <= number;
  }

  void resolve(Node node) {
    found = node;
  }

  /** The inode it stands for; may itself be a link to a still lower layer. */
  @Nullable Node found() {
    return found;
  }

  /** What is at the end of a chain of links; null if that is not known yet. */
  static @Nullable Node end(Node node) {
    @Nullable Node end = node;
    while (end instanceof LowerLink link) {
      end = link.found;
    }
    return end;
  }

  FlattenException missing() {
    return new FlattenException(
        where
            + ": expected its target in this layer or a lower one, found nothing at "
            + LayerPath.show(target));
  }

  FlattenException isDirectory() {
    return new FlattenException(where + ": expected a file, found a directory");
  }

  FlattenException symlinkLoop() {
    return new FlattenException(
        where
            + ": expected at most "
            + LayerPathResolver.MAX_SYMLINKS
            + " symlinks on the way to its target, found more; it is a symlink loop");
  }
}

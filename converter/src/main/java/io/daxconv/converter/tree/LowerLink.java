package io.daxconv.converter.tree;

import io.daxconv.converter.layer.Xattrs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hard link to a path that its own layer does not have: it stands for the inode that the lower
 * layers have there. Gone once all layers are merged.
 */
final class LowerLink extends Node {
  private static final Attributes NONE = new Attributes(0, 0, 0, Xattrs.NONE);

  private final List<Name> target;
  private final String where;
  private @Nullable Node found;

  /**
   * @param target the path it links to
   * @param where the layer and entry, for the message if nothing is there
   */
  LowerLink(List<Name> target, String where) {
    super(NONE);
    this.target = target;
    this.where = where;
  }

  List<Name> target() {
    return target;
  }

  String where() {
    return where;
  }

  void resolve(Node node) {
    found = node;
  }

  /** The inode it stands for; may itself be a link to a still lower layer. */
  @Nullable Node found() {
    return found;
  }
}

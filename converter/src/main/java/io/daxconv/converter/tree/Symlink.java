package io.daxconv.converter.tree;

import io.daxconv.converter.layer.LayerEntry;

/** A symlink; its target is never followed outside the layer that made it. */
public final class Symlink extends Node {
  private final byte[] target;

  Symlink(LayerEntry entry, Attributes attributes) {
    super(entry, attributes);
    this.target = entry.target();
  }

  /** The target's bytes, 1 to 4095; not to be changed. */
  public byte[] target() {
    return target;
  }
}

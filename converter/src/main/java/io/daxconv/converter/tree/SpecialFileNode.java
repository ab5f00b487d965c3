package io.daxconv.converter.tree;

import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;

/** A device, FIFO or socket. */
public final class SpecialFileNode extends Node {
  private final EntryType type;
  private final int major;
  private final int minor;

  SpecialFileNode(LayerEntry entry, Attributes attributes) {
    super(entry, attributes);
    this.type = entry.type();
    this.major = entry.major();
    this.minor = entry.minor();
  }

  public EntryType type() {
    return type;
  }

  /** Unsigned; 0 where there is none. */
  public int major() {
    return major;
  }

  /** Unsigned; 0 where there is none. */
  public int minor() {
    return minor;
  }
}

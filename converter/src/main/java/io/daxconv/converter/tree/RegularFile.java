package io.daxconv.converter.tree;

import io.daxconv.converter.layer.LayerEntry;

/** A regular file. Its bytes are not here but in an extent, once somebody has stored them. */
public final class RegularFile extends Node {
  /** The extent of a file whose bytes were passed over, because a newer layer seemed to hide it. */
  public static final long UNSTORED = -1;

  private final long size;
  private long extent = UNSTORED;
  private final int layer;
  private final long ordinal;

  RegularFile(LayerEntry entry, int layer, long ordinal) {
    super(entry);
    this.size = entry.size();
    this.layer = layer;
    this.ordinal = ordinal;
  }

  /** Bytes, holes included. */
  public long size() {
    return size;
  }

  /** Where its bytes were stored, in the terms of whoever stored them, or {@link #UNSTORED}. */
  public long extent() {
    return extent;
  }

  public void setExtent(long extent) {
    this.extent = extent;
  }

  /** The layer that has its bytes; 0 is the oldest. */
  public int layer() {
    return layer;
  }

  /** Which entry of that layer has them; 0 is the first. */
  public long ordinal() {
    return ordinal;
  }
}

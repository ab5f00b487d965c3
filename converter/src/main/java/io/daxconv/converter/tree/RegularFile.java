package io.daxconv.converter.tree;

import io.daxconv.converter.layer.LayerEntry;

/** A regular file. Its bytes are not here but in an extent, once somebody has stored them. */
public final class RegularFile extends Node {
  /** The extent of a file whose bytes were passed over, because a newer layer seemed to hide it. */
  public static final long UNSTORED = -1;

  /** No layer has that many entries, each of which takes 512 bytes at least. */
  private static final int ORDINAL_BITS = 40;

  private final long size;

  /** Its extent; until it has one, the complement of its layer and, below, its ordinal. */
  private long place;

  RegularFile(LayerEntry entry, Attributes attributes, int layer, long ordinal) {
    super(entry, attributes);
    this.size = entry.size();
    this.place = ~(((long) layer << ORDINAL_BITS) | ordinal);
  }

  /** Bytes, holes included. */
  public long size() {
    return size;
  }

  /** Where its bytes were stored, in the terms of whoever stored them, or {@link #UNSTORED}. */
  public long extent() {
    return place < 0 ? UNSTORED : place;
  }

  /** Not negative. */
  public void setExtent(long extent) {
    this.place = extent;
  }

  /** The layer that has its bytes; 0 is the oldest. -1 once they are stored. */
  public int layer() {
    return place < 0 ? (int) (~place >> ORDINAL_BITS) : -1;
  }

  /** Which entry of that layer has them; 0 is the first. -1 once they are stored. */
  public long ordinal() {
    return place < 0 ? ~place & ((1L << ORDINAL_BITS) - 1) : -1;
  }
}

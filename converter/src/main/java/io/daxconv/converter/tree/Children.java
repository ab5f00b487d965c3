package io.daxconv.converter.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The children of one directory by name, in two arrays: there may be millions of them, so that what
 * each one costs counts.
 *
 * <p>Names that come in order, as those of most layers do, are put behind the others and found by
 * halving. Where a large directory gets one out of order, a {@link NameIndex} finds its names until
 * {@link #settle} has sorted them.
 */
public final class Children {
  /** Up to here a name out of order is moved to its place, which is cheaper than an index. */
  private static final int LARGE = 64;

  private static final byte[][] NO_NAMES = {};
  private static final Node[] NO_NODES = {};

  private byte[][] names = NO_NAMES;

  /** Null where a name has been taken away. */
  private @Nullable Node[] nodes = NO_NODES;

  private int slots;
  private int size;

  /** Null while the names are sorted. */
  private @Nullable NameIndex index;

  Children() {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Child(byte[] name, Node node) implements Comparable<Child> {
    @Override
    public int compareTo(Child other) {
      return Arrays.compareUnsigned(name, other.name);
    }
  }

  /** The same names, in arrays of their own. */
  Children copy() {
    Children copy = new Children();
    copy.names = Arrays.copyOf(names, slots);
    copy.nodes = Arrays.copyOf(nodes, slots);
    copy.slots = slots;
    copy.size = size;
    if (index != null) {
      copy.sort();
    }
    return copy;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The bytes of a name; not to be changed. By order, once {@link #settle settled}. */
  public byte[] name(int i) {
    return names[i];
  }

  /** What a name stands for. */
  public Node node(int i) {
    Node node = nodes[i];
    if (node == null) {
      throw new IllegalStateException("not settled");
    }
    return node;
  }

  @Nullable Node get(byte[] name) {
    int slot = find(name);
    return slot < 0 ? null : nodes[slot];
  }

  /** Puts a node under a name and returns the one that was there. */
  @Nullable Node put(byte[] name, Node node) {
    int slot = find(name);
    if (slot < 0) {
      insert(name, node, ~slot);
      return null;
    }
    Node before = nodes[slot];
    nodes[slot] = node;
    size += before == null ? 1 : 0;
    return before;
  }

  void remove(byte[] name) {
    int slot = find(name);
    if (slot >= 0) {
      size -= nodes[slot] == null ? 0 : 1;
      nodes[slot] = null;
    }
  }

  /** All names, those that were taken away too, for which {@link #nodeOrNull} gives null. */
  int slots() {
    return slots;
  }

  @Nullable Node nodeOrNull(int slot) {
    return nodes[slot];
  }

  /** Puts another node under a name, or none. */
  void set(int slot, @Nullable Node node) {
    size += (node == null ? 0 : 1) - (nodes[slot] == null ? 0 : 1);
    nodes[slot] = node;
  }

  /** Sorts the names by their bytes and gives back what memory is not needed. */
  void settle() {
    if (index == null && size == names.length) {
      return;
    }
    if (index != null) {
      sort();
    }
    byte[][] keptNames = new byte[size][];
    Node[] keptNodes = new Node[size];
    int kept = 0;
    for (int i = 0; i < slots; i++) {
      Node node = nodes[i];
      if (node != null) {
        keptNames[kept] = names[i];
        keptNodes[kept++] = node;
      }
    }
    names = keptNames;
    nodes = keptNodes;
    slots = size;
  }

  private void sort() {
    Child[] sorted = new Child[size];
    int count = 0;
    for (int i = 0; i < slots; i++) {
      Node node = nodes[i];
      if (node != null) {
        sorted[count++] = new Child(names[i], node);
      }
    }
    Arrays.sort(sorted);
    for (int i = 0; i < size; i++) {
      names[i] = sorted[i].name;
      nodes[i] = sorted[i].node;
    }
    slots = size;
    index = null;
  }

  /** The slot of a name; where there is none, the complement of the slot where it belongs. */
  private int find(byte[] name) {
    if (index != null) {
      int slot = index.find(name, names);
      return slot < 0 ? ~slots : slot;
    }
    if (slots == 0 || Arrays.compareUnsigned(names[slots - 1], name) < 0) {
      return ~slots;
    }
    return Arrays.binarySearch(names, 0, slots, name, Arrays::compareUnsigned);
  }

  private void insert(byte[] name, Node node, int slot) {
    makeRoom();
    int at = slot;
    if (slot < slots && slots >= LARGE) {
      index = NameIndex.of(names, slots);
      at = slots;
    }
    if (at < slots) {
      System.arraycopy(names, at, names, at + 1, slots - at);
      System.arraycopy(nodes, at, nodes, at + 1, slots - at);
    }
    names[at] = name;
    nodes[at] = node;
    slots++;
    size++;
    if (index != null) {
      index.add(at, names);
    }
  }

  private void makeRoom() {
    if (slots == names.length) {
      int room = slots + Math.max(4, slots / 2);
      names = Arrays.copyOf(names, room);
      nodes = Arrays.copyOf(nodes, room);
    }
  }
}

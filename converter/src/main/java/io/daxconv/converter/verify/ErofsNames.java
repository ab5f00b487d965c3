package io.daxconv.converter.verify;

import io.daxconv.converter.erofs.ErofsEntry;
import io.daxconv.converter.text.Escapes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The inodes of an EROFS view that names lead to, each with an index of its own in the order they
 * were found, the root first. Nids say places and are sparse; all that is noted of an inode is
 * noted by its index.
 */
final class ErofsNames {
  static final int ROOT = 0;

  /** Bytes of a path beyond which only its end is shown. */
  private static final int LONGEST_SHOWN = 4096;

  /** A name's position is above, its length less one in the lowest bits. */
  private static final int LENGTH_BITS = 8;

  private final MemorySegment bytes;

  /** Open addressing; an index plus one, or 0. */
  private int[] slots = new int[128];

  private long[] nids = new long[64];
  private int[] parents = new int[64];
  private long[] names = new long[64];
  private int[] links = new int[64];
  private int count;

  ErofsNames(MemorySegment bytes, long rootNid) {
    this.bytes = bytes;
    put(rootNid, ROOT, 0);
  }

  int count() {
    return count;
  }

  long nid(int index) {
    return nids[index];
  }

  /** The index of an inode, or -1 if no name has led to it yet. */
  int find(long nid) {
    return slots[slot(nid)] - 1;
  }

  /** Takes note of the first name of an inode and gives it the next index. */
  int add(int directory, ErofsEntry entry) {
    return put(entry.nid(), directory, (entry.nameAt() << LENGTH_BITS) | (entry.name().length - 1));
  }

  private int put(long nid, int parent, long name) {
    if (count == nids.length) {
      grow();
    }
    nids[count] = nid;
    parents[count] = parent;
    names[count] = name;
    slots[slot(nid)] = ++count;
    return count - 1;
  }

  private void grow() {
    int size = count * 2;
    nids = Arrays.copyOf(nids, size);
    parents = Arrays.copyOf(parents, size);
    names = Arrays.copyOf(names, size);
    links = Arrays.copyOf(links, size);
    slots = new int[size * 2];
    for (int i = 0; i < count; i++) {
      slots[slot(nids[i])] = i + 1;
    }
  }

  /** Where an inode is in the table, or would be. */
  private int slot(long nid) {
    long mixed = nid * 0x9e3779b97f4a7c15L;
    int slot = (int) (mixed >>> 32) & (slots.length - 1);
    while (slots[slot] != 0 && nids[slots[slot] - 1] != nid) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  /** Takes note of a link: a file's name, or a directory's subdirectory. */
  void link(int index) {
    links[index]++;
  }

  int links(int index) {
    return links[index];
  }

  int parent(int index) {
    return parents[index];
  }

  /** The first path of an inode, escaped; its end only, after {@code …}, if it is very long. */
  String path(int index) {
    if (index == ROOT) {
      return "/";
    }
    Deque<String> parts = new ArrayDeque<>();
    int length = 0;
    int at = index;
    while (at != ROOT && length < LONGEST_SHOWN) {
      int size = (int) (names[at] & ((1 << LENGTH_BITS) - 1)) + 1;
      byte[] name = bytes.asSlice(names[at] >>> LENGTH_BITS, size).toArray(ValueLayout.JAVA_BYTE);
      parts.addFirst("/" + Escapes.escape(name));
      length += size + 1;
      at = parents[at];
    }
    return (at == ROOT ? "" : "…") + String.join("", parts);
  }

  /** The path of a directory's entry, escaped. */
  String path(int directory, byte[] name) {
    return (directory == ROOT ? "" : path(directory)) + "/" + Escapes.escape(name);
  }
}

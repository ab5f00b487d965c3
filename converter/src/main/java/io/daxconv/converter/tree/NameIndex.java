package io.daxconv.converter.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds names in an array by hash, with open addressing. The hash has a key that differs from run
 * to run, so that no layer can hold names that were made to collide; nothing of the order in which
 * names hash shows in an image.
 */
final class NameIndex {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long KEY = ThreadLocalRandom.current().nextLong();

  /** Odd, so that multiplying loses nothing. */
  private static final long FACTOR = ThreadLocalRandom.current().nextLong() | 1;

  /** Positions in the array plus one; 0 is a free slot. At most half of them are taken. */
  private int[] slots;

  private int count;

  private NameIndex(int room) {
    slots = new int[room];
  }

  /** An index of the first names of an array, which are all different. */
  static NameIndex of(byte[][] names, int count) {
    NameIndex index = new NameIndex(Integer.highestOneBit(Math.max(2, count)) << 2);
    for (int i = 0; i < count; i++) {
      index.insert(i, names);
    }
    return index;
  }

  /** The position of a name, or -1. */
  int find(byte[] name, byte[][] names) {
    for (int slot = slot(name); slots[slot] != 0; slot = next(slot)) {
      if (Arrays.equals(names[slots[slot] - 1], name)) {
        return slots[slot] - 1;
      }
    }
    return -1;
  }

  /** Adds the name at a position, which is not there yet. */
  void add(int position, byte[][] names) {
    if (2 * (count + 1L) > slots.length) {
      int[] old = slots;
      slots = new int[2 * old.length];
      count = 0;
      for (int each : old) {
        if (each != 0) {
          insert(each - 1, names);
        }
      }
    }
    insert(position, names);
  }

  private void insert(int position, byte[][] names) {
    int slot = slot(names[position]);
    while (slots[slot] != 0) {
      slot = next(slot);
    }
    slots[slot] = position + 1;
    count++;
  }

  private int slot(byte[] name) {
    return (int) hash(name) & (slots.length - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (slots.length - 1);
  }

  private static long hash(byte[] name) {
    long hash = KEY ^ name.length;
    int i = 0;
    for (; i + Long.BYTES <= name.length; i += Long.BYTES) {
      hash = fold(hash ^ (long) WORD.get(name, i));
    }
    long rest = 0;
    for (; i < name.length; i++) {
      rest = rest << Byte.SIZE | (name[i] & 0xff);
    }
    return fold(hash ^ rest);
  }

  /** Both halves of a product, so that each bit of the one factor reaches all of the result. */
  private static long fold(long word) {
    return (word * FACTOR) ^ Math.multiplyHigh(word, FACTOR);
  }
}

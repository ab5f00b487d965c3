package io.daxconv.converter.erofs;

import io.daxconv.converter.tree.Children;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A directory as EROFS stores it: its entries, {@code .} and {@code ..} among them, sorted and cut
 * into blocks. Planning asks for its size, writing for its bytes; both go through {@link #cut}.
 */
final class DirectoryBlocks {
  private static final int BLOCK = ErofsSuperblock.BLOCK_SIZE;
  private static final byte[] SELF = {'.'};
  private static final byte[] PARENT = {'.', '.'};

  private final Directory directory;
  private final Directory parent;
  private final Children children;

  /** Where {@code .} and {@code ..} stand among the entries. */
  private final int selfAt;

  private final int parentAt;

  /** Takes one block. */
  @FunctionalInterface
  interface BlockSink {
    /**
     * Takes entries.
     *
     * @param bytes what is used of the block: all of it but in the last one
     */
    void block(Cut cut, int bytes) throws IOException;
  }

  /** Entries {@code from} to {@code to} of a directory, which are one block of it. */
  record Cut(int from, int to) {}

  /** A directory's entries, with itself and its parent. */
  DirectoryBlocks(Directory directory, Directory parent) {
    this.directory = directory;
    this.parent = parent;
    this.children = directory.children();
    this.selfAt = namesBefore(SELF);
    this.parentAt = namesBefore(PARENT) + 1;
  }

  private int namesBefore(byte[] name) {
    int count = 0;
    while (count < children.size() && Arrays.compareUnsigned(children.name(count), name) < 0) {
      count++;
    }
    return count;
  }

  /** How many entries there are. */
  private int count() {
    return children.size() + 2;
  }

  private byte[] name(int entry) {
    return entry == selfAt ? SELF : entry == parentAt ? PARENT : children.name(child(entry));
  }

  private Node node(int entry) {
    return entry == selfAt ? directory : entry == parentAt ? parent : children.node(child(entry));
  }

  private int child(int entry) {
    return entry - (entry > selfAt ? 1 : 0) - (entry > parentAt ? 1 : 0);
  }

  /** Bytes of the whole directory, its {@code i_size}. */
  long size() {
    long[] size = new long[1];
    try {
      cut((cut, bytes) -> size[0] += isLast(cut) ? bytes : BLOCK);
    } catch (IOException e) {
      throw new IllegalStateException("counting reads nothing", e);
    }
    return size[0];
  }

  boolean isLast(Cut cut) {
    return cut.to() == count();
  }

  /** Cuts the entries into blocks, each as full as it goes. */
  void cut(BlockSink sink) throws IOException {
    int from = 0;
    int used = 0;
    for (int i = 0; i < count(); i++) {
      int bytes = ErofsDirent.SIZE + name(i).length;
      if (used + bytes > BLOCK) {
        sink.block(new Cut(from, i), used);
        from = i;
        used = 0;
      }
      used += bytes;
    }
    sink.block(new Cut(from, count()), used);
  }

  /**
   * Writes the entries of one block over zeros.
   *
   * @param nids gives each node's nid
   */
  void write(Cut cut, MemorySegment block, NidOf nids) {
    int count = cut.to() - cut.from();
    int nameOffset = count * ErofsDirent.SIZE;
    for (int i = 0; i < count; i++) {
      Node node = node(cut.from() + i);
      new ErofsDirent(nids.nid(node), nameOffset, ErofsDirent.fileType(ErofsPlan.mode(node)))
          .write(block, (long) i * ErofsDirent.SIZE);
      byte[] name = name(cut.from() + i);
      MemorySegment.copy(name, 0, block, ValueLayout.JAVA_BYTE, nameOffset, name.length);
      nameOffset += name.length;
    }
  }

  /** The nid of a node. */
  @FunctionalInterface
  interface NidOf {
    long nid(Node node);
  }
}

package io.daxconv.converter.erofs;

import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Name;
import io.daxconv.converter.tree.Node;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A directory as EROFS stores it: its entries, {@code .} and {@code ..} among them, sorted and cut
 * into blocks. Planning asks for its size, writing for its bytes; both go through {@link #cut}.
 */
final class DirectoryBlocks {
  private static final int BLOCK = ErofsSuperblock.BLOCK_SIZE;
  private static final byte[] SELF = {'.'};
  private static final byte[] PARENT = {'.', '.'};

  private final List<Item> items;

  @SuppressWarnings("ArrayRecordComponent")
  private record Item(byte[] name, Node node) {}

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
    items = new ArrayList<>(directory.size() + 2);
    int dots = 0;
    for (Map.Entry<Name, Node> child : directory.children().entrySet()) {
      byte[] name = child.getKey().bytes();
      if (dots == 0 && Arrays.compareUnsigned(name, SELF) > 0) {
        items.add(new Item(SELF, directory));
        dots++;
      }
      if (dots == 1 && Arrays.compareUnsigned(name, PARENT) > 0) {
        items.add(new Item(PARENT, parent));
        dots++;
      }
      items.add(new Item(name, child.getValue()));
    }
    if (dots == 0) {
      items.add(new Item(SELF, directory));
      dots++;
    }
    if (dots == 1) {
      items.add(new Item(PARENT, parent));
    }
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
    return cut.to() == items.size();
  }

  /** Cuts the entries into blocks, each as full as it goes. */
  void cut(BlockSink sink) throws IOException {
    int from = 0;
    int used = 0;
    for (int i = 0; i < items.size(); i++) {
      int bytes = ErofsDirent.SIZE + items.get(i).name.length;
      if (used + bytes > BLOCK) {
        sink.block(new Cut(from, i), used);
        from = i;
        used = 0;
      }
      used += bytes;
    }
    sink.block(new Cut(from, items.size()), used);
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
      Item item = items.get(cut.from() + i);
      new ErofsDirent(
              nids.nid(item.node), nameOffset, ErofsDirent.fileType(ErofsPlan.mode(item.node)))
          .write(block, (long) i * ErofsDirent.SIZE);
      MemorySegment.copy(item.name, 0, block, ValueLayout.JAVA_BYTE, nameOffset, item.name.length);
      nameOffset += item.name.length;
    }
  }

  /** The nid of a node. */
  @FunctionalInterface
  interface NidOf {
    long nid(Node node);
  }
}

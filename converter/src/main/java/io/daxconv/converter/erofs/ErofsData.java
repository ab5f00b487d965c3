package io.daxconv.converter.erofs;

import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.SuperblockRules.Listener;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the data of an inode stands, all inside the image (erofs_map_blocks in fs/erofs/data.c).
 *
 * @param blocks what starts at a whole block; of a flat plain inode that is all of it
 * @param tail what stands behind a flat inline inode: what the blocks before it do not hold
 */
public record ErofsData(Extent blocks, Extent tail) {
  private static final Extent NOTHING = new Extent(0, 0);

  /**
   * The data of an inode.
   *
   * @param limit bytes of the image
   * @return null if a rule is broken and the listener let it pass
   */
  static <E extends Exception> @Nullable ErofsData of(
      PlacedInode placed, long limit, Listener<E> listener) throws E {
    ErofsInode inode = placed.inode();
    long size = inode.size();
    ErofsData data =
        switch (inode.dataLayout()) {
          case ErofsInode.FLAT_PLAIN -> new ErofsData(blocks(inode, size), NOTHING);
          case ErofsInode.FLAT_INLINE -> inline(placed, size);
          default -> null;
        };
    if (data == null) {
      listener.broken(
          "erofs-inode-layout",
          placed.place(),
          "data layout 0 (flat plain) or 2 (flat inline)",
          Integer.toString(inode.dataLayout()));
      return null;
    }
    if (!data.blocks.within(limit) || !data.tail.within(limit)) {
      Extent beyond = data.blocks.within(limit) ? data.tail : data.blocks;
      String expected = "data inside the image's " + limit + " bytes";
      listener.broken("erofs-data-beyond-image", placed.place(), expected, beyond.toString());
      return null;
    }
    if (offsetInBlock(data.tail.offset()) + data.tail.size() > ErofsSuperblock.BLOCK_SIZE) {
      String expected = "an inline tail inside one block";
      listener.broken("erofs-inline-crosses-block", placed.place(), expected, data.tail.toString());
      return null;
    }
    return data;
  }

  private static Extent blocks(ErofsInode inode, long size) {
    // Without data the address means nothing; mkfs.erofs writes all ones.
    long block = Integer.toUnsignedLong(inode.blockOrDevice());
    return size == 0 ? NOTHING : new Extent(block << ErofsSuperblock.BLOCK_BITS, size);
  }

  private static ErofsData inline(PlacedInode placed, long size) {
    if (size == 0) {
      return new ErofsData(NOTHING, NOTHING);
    }
    // Of a whole number of blocks the last is still the tail. An absurd size stays absurd here.
    long before = (size - 1) & -(long) ErofsSuperblock.BLOCK_SIZE;
    return new ErofsData(
        blocks(placed.inode(), size < 0 ? size : before),
        new Extent(placed.end(), size < 0 ? 0 : size - before));
  }

  private static long offsetInBlock(long at) {
    return at & (ErofsSuperblock.BLOCK_SIZE - 1);
  }

  /** Bytes in all. */
  public long size() {
    return blocks.size() + tail.size();
  }

  /** The bytes in their order: none, one piece, or the blocks and the tail. */
  public List<MemorySegment> pieces(MemorySegment image) {
    List<MemorySegment> pieces = new ArrayList<>(2);
    for (Extent extent : List.of(blocks, tail)) {
      if (extent.size() > 0) {
        pieces.add(image.asSlice(extent.offset(), extent.size()));
      }
    }
    return pieces;
  }

  /** How many blocks it has, the last one shorter perhaps. */
  long blockCount() {
    return (size() + ErofsSuperblock.BLOCK_SIZE - 1) >>> ErofsSuperblock.BLOCK_BITS;
  }

  /** One of those blocks. */
  Extent block(long index) {
    long from = index << ErofsSuperblock.BLOCK_BITS;
    return from < blocks.size()
        ? new Extent(
            blocks.offset() + from, Math.min(ErofsSuperblock.BLOCK_SIZE, blocks.size() - from))
        : tail;
  }
}

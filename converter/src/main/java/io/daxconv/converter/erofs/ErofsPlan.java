package io.daxconv.converter.erofs;

import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeTable;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.RegularFile;
import io.daxconv.converter.tree.SpecialFileNode;
import io.daxconv.converter.tree.Symlink;
import java.util.List;

/**
 * Where everything of the EROFS view stands: a region of metadata behind the DAXFS view, over the
 * same regular data.
 *
 * <pre>
 *   start      block 0 of the metadata: nid 0 is not used, then the inodes, each with its xattrs and,
 *              where it fits into the same block, its directory tail or symlink target
 *   blocks     directory blocks and symlink targets that do not stand behind their inodes
 *   end        whole blocks
 * </pre>
 */
public final class ErofsPlan {
  private static final int BLOCK = ErofsSuperblock.BLOCK_SIZE;

  /** A first nid other than 0, which some tools take for none. */
  private static final long FIRST = ErofsInode.SLOT;

  private final List<Node> nodes;
  private final BuildTime buildTime;
  private final long start;

  /** By inode number from 1 on, unsigned. */
  private final int[] nids;

  private final long blocks;
  private final long end;

  private ErofsPlan(InodeTable inodes, long start) {
    this.start = start;
    this.nodes = inodes.all();
    this.buildTime = BuildTime.commonest(nodes);
    this.nids = new int[nodes.size()];
    long position = FIRST;
    for (Node node : nodes) {
      position = place(node, position);
    }
    this.blocks = start + align(position, BLOCK);
    long afterBlocks = blocks;
    for (Node node : nodes) {
      afterBlocks += shape(node).blockRoom();
    }
    this.end = afterBlocks;
  }

  /**
   * Plans the view.
   *
   * @param start a block boundary of the image
   */
  public static ErofsPlan of(InodeTable inodes, long start) {
    return new ErofsPlan(inodes, start);
  }

  /** Gives a node its nid and returns where the next may stand. */
  private long place(Node node, long position) {
    Shape shape = shape(node);
    // What must not cross a block: an inode, and with a tail all that is before the tail too.
    int together = shape.tail() > 0 ? shape.bytes() : shape.inodeBytes();
    long at = position % BLOCK + together > BLOCK ? align(position, BLOCK) : position;
    nids[node.inode() - 1] = unsigned(at / ErofsInode.SLOT);
    return align(at + shape.bytes(), ErofsInode.SLOT);
  }

  /** As many inodes as would need a larger nid have no room in memory. */
  private static int unsigned(long nid) {
    if (nid > 0xffffffffL) {
      throw new IllegalStateException("nid " + nid);
    }
    return (int) nid;
  }

  /**
   * What of a node stands where.
   *
   * @param inodeBytes 32 or 64
   * @param xattrs behind the inode
   * @param size the inode's size
   * @param tail bytes of it behind inode and xattrs
   */
  record Shape(int inodeBytes, ErofsXattrs xattrs, long size, int tail) {
    int bytes() {
      return inodeBytes + xattrs.bytes() + tail;
    }

    /** Bytes in blocks of its own; of a regular file none, for its data is there already. */
    long blockBytes() {
      return size - tail;
    }

    /** The bytes of these blocks, the last one whole too. */
    long blockRoom() {
      return align(blockBytes(), BLOCK);
    }
  }

  /** The shape of a node; regular files and special files have no bytes of their own here. */
  Shape shape(Node node) {
    long size =
        switch (node) {
          case Directory directory -> blocks(directory).size();
          case Symlink symlink -> symlink.target().length;
          default -> 0;
        };
    int inodeBytes = isCompact(node, size) ? ErofsInode.COMPACT_SIZE : ErofsInode.EXTENDED_SIZE;
    ErofsXattrs xattrs = ErofsXattrs.of(node.xattrs());
    int tail = (int) (size % BLOCK);
    boolean fits = inodeBytes + xattrs.bytes() + tail <= BLOCK;
    return new Shape(inodeBytes, xattrs, size, fits ? tail : 0);
  }

  private boolean isCompact(Node node, long size) {
    long bytes = node instanceof RegularFile file ? file.size() : size;
    return buildTime.isOf(node)
        && bytes <= 0xffffffffL
        && Integer.compareUnsigned(node.uid(), 0xffff) <= 0
        && Integer.compareUnsigned(node.gid(), 0xffff) <= 0
        && node.links() <= 0xffff;
  }

  DirectoryBlocks blocks(Directory directory) {
    return new DirectoryBlocks(directory, directory.parent());
  }

  /**
   * The inode of a node, as it is stored.
   *
   * @param blocksAt where its blocks stand, if it has any of its own
   */
  ErofsInode inode(Node node, Shape shape, long blocksAt) {
    long size = node instanceof RegularFile file ? file.size() : shape.size();
    int blockOrDevice =
        switch (node) {
          case RegularFile file -> file.size() == 0 ? 0 : (int) (file.extent() / BLOCK);
          case SpecialFileNode special -> ErofsInode.device(special.major(), special.minor());
          default -> shape.blockBytes() == 0 ? 0 : (int) (blocksAt / BLOCK);
        };
    return new ErofsInode(
        shape.inodeBytes() == ErofsInode.EXTENDED_SIZE,
        shape.tail() > 0 ? ErofsInode.FLAT_INLINE : ErofsInode.FLAT_PLAIN,
        shape.xattrs().count(),
        mode(node),
        size,
        blockOrDevice,
        node.inode(),
        node.uid(),
        node.gid(),
        node.mtimeSeconds(),
        node.mtimeNanos(),
        node.links());
  }

  static int mode(Node node) {
    return FileMode.of(node);
  }

  /** The nodes in the order in which their inodes stand. */
  List<Node> nodes() {
    return nodes;
  }

  /** The nid of a node. */
  long nid(Node node) {
    return Integer.toUnsignedLong(nids[node.inode() - 1]);
  }

  /** Where a node's inode stands in the image. */
  long position(Node node) {
    return start + nid(node) * ErofsInode.SLOT;
  }

  /** Where the metadata starts. */
  public long start() {
    return start;
  }

  /** Where the blocks start that do not stand behind inodes. */
  long blocks() {
    return blocks;
  }

  /** Where the view ends: whole blocks. */
  public long end() {
    return end;
  }

  /**
   * The superblock of the view, its checksum still 0.
   *
   * @param totalSize the whole image
   * @param uuid 16 bytes
   */
  public ErofsSuperblock superblock(long totalSize, byte[] uuid) {
    return new ErofsSuperblock(
        ErofsSuperblock.MAGIC,
        0,
        ErofsSuperblock.CHECKSUM | ErofsSuperblock.MTIME,
        ErofsSuperblock.BLOCK_BITS,
        nids[0],
        nodes.size(),
        buildTime.seconds(),
        buildTime.nanos(),
        (int) (totalSize / BLOCK),
        (int) (start / BLOCK),
        0,
        uuid,
        0);
  }

  private static long align(long offset, long unit) {
    return (offset + unit - 1) & -unit;
  }
}

package io.daxconv.converter.daxfs;

import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.Symlink;

/**
 * Where everything of the DAXFS view stands in an image, before any of its metadata is written.
 * Offsets are from the start of the image.
 *
 * <pre>
 *   0            superblock, annex pointer
 *   baseOffset   regular data, whole pages
 *   entries      directory entries, directories in the order of their inodes
 *   targets      symlink targets, each with its NUL
 *   inodeTable   inodes, 64 bytes each
 *   overlay      overlay region, two blocks, unless left out
 *   end          of the view; whole blocks
 * </pre>
 *
 * @param pageSize bytes of a block
 * @param inodes the tree's inodes in the order of their numbers
 * @param baseOffset start of the base image: one block
 * @param entries start of the directory entries
 * @param targets start of the symlink targets
 * @param inodeTable start of the inode table
 * @param baseEnd end of the base image
 * @param overlay start of the overlay region, or 0
 * @param end end of the view: whole blocks
 */
public record DaxfsPlan(
    int pageSize,
    InodeTable inodes,
    long baseOffset,
    long entries,
    long targets,
    long inodeTable,
    long baseEnd,
    long overlay,
    long end) {

  /**
   * Plans the view.
   *
   * @param dataEnd where the regular data ends, which starts at the second block
   */
  public static DaxfsPlan of(InodeTable inodes, long dataEnd, int pageSize, boolean overlayRegion) {
    long entryBytes = 0;
    long targetBytes = 0;
    for (Node node : inodes.nodes()) {
      entryBytes += entryBytes(node);
      targetBytes += targetBytes(node);
    }
    long targets = dataEnd + entryBytes;
    long inodeTable = align(targets + targetBytes, InodeEntry.SIZE);
    long baseEnd = align(inodeTable + (long) InodeEntry.SIZE * inodes.count(), pageSize);
    return new DaxfsPlan(
        pageSize,
        inodes,
        pageSize,
        dataEnd,
        targets,
        inodeTable,
        baseEnd,
        overlayRegion ? baseEnd : 0,
        overlayRegion ? baseEnd + 2L * pageSize : baseEnd);
  }

  /**
   * The superblock that says all this.
   *
   * @param totalSize the whole image, whatever stands behind the view
   */
  public Superblock superblock(long totalSize) {
    return new Superblock(
        Superblock.MAGIC,
        Superblock.VERSION,
        pageSize,
        0,
        totalSize,
        baseOffset,
        baseEnd - baseOffset,
        inodeTable - baseOffset,
        inodes.count(),
        Superblock.ROOT_INODE,
        0,
        overlay,
        overlay == 0 ? 0 : 2L * pageSize,
        overlay == 0 ? 0 : 1,
        0,
        0,
        0,
        0,
        0);
  }

  /** Bytes that a node's directory entries take. */
  static long entryBytes(Node node) {
    return node instanceof Directory directory
        ? (long) DirectoryEntry.STRIDE * InodeTable.held(directory)
        : 0;
  }

  /** Bytes that a symlink's target takes, with its NUL. */
  static long targetBytes(Node node) {
    return node instanceof Symlink symlink ? symlink.target().length + 1L : 0;
  }

  private static long align(long offset, long unit) {
    return (offset + unit - 1) & -unit;
  }
}

package io.daxconv.converter.daxfs;

import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.Symlink;
import org.jspecify.annotations.Nullable;

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
 *   overlay      overlay region, unless left out
 *   pageCache    page cache region, in split mode
 *   end          of the view; whole blocks
 * </pre>
 *
 * <p>In split mode the regular data is in another file, the backing file: the base image starts
 * with the directory entries, and where files have their data is counted from the start of that
 * file.
 *
 * @param pageSize bytes of a block
 * @param inodes the tree's inodes in the order of their numbers
 * @param baseOffset start of the base image: one block
 * @param entries start of the directory entries
 * @param targets start of the symlink targets
 * @param inodeTable start of the inode table
 * @param baseEnd end of the base image
 * @param overlay start of the overlay region, or 0
 * @param overlaySize how large that is, or null
 * @param pageCache start of the page cache region, or 0
 * @param pageCacheSize how large that is, or null: then the data is in the image
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
    @Nullable OverlaySize overlaySize,
    long pageCache,
    @Nullable PageCacheSize pageCacheSize,
    long end) {

  /**
   * Plans the view.
   *
   * @param dataEnd where the regular data ends, which starts at the second block
   * @param overlay how large the overlay region is; null for none
   */
  public static DaxfsPlan of(
      InodeTable inodes, long dataEnd, int pageSize, @Nullable OverlaySize overlay) {
    return plan(inodes, dataEnd, pageSize, overlay, null);
  }

  /**
   * Plans the view of an image whose regular data is in a backing file.
   *
   * @param overlay how large the overlay region is; null for none
   * @param pageCache how large the page cache region is
   */
  public static DaxfsPlan split(
      InodeTable inodes, int pageSize, @Nullable OverlaySize overlay, PageCacheSize pageCache) {
    return plan(inodes, pageSize, pageSize, overlay, pageCache);
  }

  private static DaxfsPlan plan(
      InodeTable inodes,
      long dataEnd,
      int pageSize,
      @Nullable OverlaySize overlay,
      @Nullable PageCacheSize pageCache) {
    long entryBytes = 0;
    long targetBytes = 0;
    for (Node node : inodes.nodes()) {
      entryBytes += entryBytes(node);
      targetBytes += targetBytes(node);
    }
    long targets = dataEnd + entryBytes;
    long inodeTable = align(targets + targetBytes, InodeEntry.SIZE);
    long baseEnd = align(inodeTable + (long) InodeEntry.SIZE * inodes.count(), pageSize);
    long afterOverlay = baseEnd + (overlay == null ? 0 : overlay.bytes(pageSize));
    return new DaxfsPlan(
        pageSize,
        inodes,
        pageSize,
        dataEnd,
        targets,
        inodeTable,
        baseEnd,
        overlay == null ? 0 : baseEnd,
        overlay,
        pageCache == null ? 0 : afterOverlay,
        pageCache,
        afterOverlay + (pageCache == null ? 0 : pageCache.bytes(pageSize)));
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
        overlaySize == null ? 0 : overlaySize.bytes(pageSize),
        overlaySize == null ? 0 : overlaySize.buckets(),
        overlaySize == null ? 0 : overlaySize.bucketShift(),
        pageCache,
        pageCacheSize == null ? 0 : pageCacheSize.bytes(pageSize),
        pageCacheSize == null ? 0 : pageCacheSize.slots(),
        pageCacheSize == null ? 0 : pageCacheSize.hashShift());
  }

  /** Where the base image has a file's data, or in split mode the backing file. */
  long dataOffset(long extent) {
    return pageCacheSize == null ? extent - baseOffset : extent;
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

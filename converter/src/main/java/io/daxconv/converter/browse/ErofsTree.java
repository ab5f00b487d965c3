package io.daxconv.converter.browse;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.erofs.PlacedInode;
import io.daxconv.converter.mount.ImageView;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The tree as the EROFS view has it.
 *
 * @param file the bytes of the file that has the view: the image, or its backing file
 */
record ErofsTree(DaxfsImage image, ErofsView erofs, MemorySegment file) implements ImageTree {
  /** The tree of an image, or of its backing file if it is split; null where there is no view. */
  static @Nullable ErofsTree of(DaxfsImage image) throws CorruptImageException {
    MemorySegment backing = image.backing();
    String name = image.name() + (backing == null ? "" : ": backing file");
    MemorySegment file = backing == null ? image.bytes() : backing;
    ErofsView view = ErofsView.of(name, file);
    return view == null ? null : new ErofsTree(image, view, file);
  }

  @Override
  public String name() {
    return image.name();
  }

  @Override
  public ImageView view() {
    return ImageView.EROFS;
  }

  @Override
  public FileInode root() throws CorruptImageException {
    FileInode root = new FileInode.OfErofs(erofs.root());
    if (!root.isDirectory()) {
      String mode = "mode 0" + Integer.toOctalString(root.mode());
      throw erofs.directories().corrupt("/", "a directory", mode);
    }
    return root;
  }

  @Override
  public @Nullable FileInode lookup(FileInode directory, byte[] entryName)
      throws CorruptImageException {
    PlacedInode found = erofs.lookup(placed(directory), entryName);
    return found == null ? null : new FileInode.OfErofs(found);
  }

  @Override
  public List<MemorySegment> contents(FileInode file) throws CorruptImageException {
    return erofs.contents(placed(file));
  }

  @Override
  public List<Extent> extents(FileInode inode) throws CorruptImageException {
    return contents(inode).stream()
        .map(piece -> new Extent(piece.address() - file.address(), piece.byteSize()))
        .toList();
  }

  @Override
  public byte[] target(FileInode symlink) throws CorruptImageException {
    return erofs.target(placed(symlink));
  }

  @Override
  public SortedMap<String, byte[]> xattrs(FileInode inode) throws CorruptImageException {
    return erofs.xattrs(placed(inode));
  }

  @Override
  public long xattrBytes(FileInode inode) {
    return placed(inode).inode().xattrBytes();
  }

  @Override
  public Walk walk(byte[] path, FileInode from, TreeWalk.Order order, int deepest) {
    TreeWalk<PlacedInode> walk =
        TreeWalk.from(erofs.directories(), path, placed(from), order, deepest);
    return () -> {
      TreeWalk.Step<PlacedInode> step = walk.next();
      return step == null
          ? null
          : new Step(step.path(), step.depth(), new FileInode.OfErofs(step.inode()));
    };
  }

  private static PlacedInode placed(FileInode inode) {
    if (inode instanceof FileInode.OfErofs(PlacedInode placed)) {
      return placed;
    }
    throw new IllegalArgumentException("an inode of another view");
  }
}

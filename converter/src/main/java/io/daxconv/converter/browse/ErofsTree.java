package io.daxconv.converter.browse;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.erofs.PlacedInode;
import io.daxconv.converter.mount.ImageView;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The tree as the EROFS view has it. */
record ErofsTree(DaxfsImage image, ErofsView erofs) implements ImageTree {
  @Override
  public String name() {
    return erofs.name();
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

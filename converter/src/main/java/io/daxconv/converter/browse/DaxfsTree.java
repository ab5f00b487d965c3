package io.daxconv.converter.browse;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.mount.ImageView;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The tree as the DAXFS view has it. */
record DaxfsTree(DaxfsImage image) implements ImageTree {
  @Override
  public String name() {
    return image.name();
  }

  @Override
  public ImageView view() {
    return ImageView.DAXFS;
  }

  @Override
  public FileInode root() throws CorruptImageException {
    InodeEntry root = Objects.requireNonNull(image.directories().root());
    image.entries(root);
    return new FileInode.OfDaxfs(root);
  }

  @Override
  public @Nullable FileInode lookup(FileInode directory, byte[] entryName)
      throws CorruptImageException {
    InodeEntry found = image.lookup(entry(directory), entryName);
    return found == null ? null : new FileInode.OfDaxfs(found);
  }

  @Override
  public List<MemorySegment> contents(FileInode file) throws CorruptImageException {
    if (isElsewhere(file)) {
      throw new CorruptImageException(
          image.name() + ": expected a backing file, which has the data of files, found none");
    }
    MemorySegment bytes = image.contents(entry(file));
    return bytes.byteSize() == 0 ? List.of() : List.of(bytes);
  }

  /** Whether the file has bytes in a backing file that was not opened. */
  private boolean isElsewhere(FileInode file) {
    return file.isRegular() && file.size() != 0 && image.isSplit() && image.backing() == null;
  }

  @Override
  public List<Extent> extents(FileInode file) throws CorruptImageException {
    if (!isElsewhere(file)) {
      MemorySegment backing = image.backing();
      MemorySegment holder = backing == null ? image.bytes() : backing;
      return contents(file).stream()
          .map(piece -> new Extent(piece.address() - holder.address(), piece.byteSize()))
          .toList();
    }
    InodeEntry inode = entry(file);
    Extent extent = new Extent(inode.dataOffset(), inode.size());
    if (!extent.within(Long.MAX_VALUE)) {
      throw new CorruptImageException(
          "%s: inode %s: expected data inside a file, found %s"
              .formatted(image.name(), Long.toUnsignedString(file.number()), extent));
    }
    return List.of(extent);
  }

  @Override
  public byte[] target(FileInode symlink) throws CorruptImageException {
    return image.target(entry(symlink));
  }

  @Override
  public SortedMap<String, byte[]> xattrs(FileInode inode) {
    return Collections.emptySortedMap();
  }

  @Override
  public long xattrBytes(FileInode inode) {
    return 0;
  }

  @Override
  public Walk walk(byte[] path, FileInode from, TreeWalk.Order order, int deepest) {
    TreeWalk<InodeEntry> walk =
        TreeWalk.from(image.directories(), path, entry(from), order, deepest);
    return () -> {
      TreeWalk.Step<InodeEntry> step = walk.next();
      return step == null
          ? null
          : new Step(step.path(), step.depth(), new FileInode.OfDaxfs(step.inode()));
    };
  }

  private static InodeEntry entry(FileInode inode) {
    if (inode instanceof FileInode.OfDaxfs(InodeEntry entry)) {
      return entry;
    }
    throw new IllegalArgumentException("an inode of another view");
  }
}

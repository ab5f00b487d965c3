package io.daxconv.converter.daxfs;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.text.Escapes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The directories of a DAXFS image; room is counted in entries. */
final class DaxfsDirectories implements Directories<InodeEntry> {
  private final DaxfsImage image;
  private final @Nullable BaseImage base;

  DaxfsDirectories(DaxfsImage image, @Nullable BaseImage base) {
    this.image = image;
    this.base = base;
  }

  @Override
  public @Nullable InodeEntry root() throws CorruptImageException {
    return base == null ? null : image.inode(Superblock.ROOT_INODE);
  }

  @Override
  public boolean isDirectory(InodeEntry inode) {
    return FileMode.type(inode.mode()) == FileMode.DIRECTORY;
  }

  @Override
  public long number(InodeEntry inode) {
    return Integer.toUnsignedLong(inode.number());
  }

  @Override
  public String numberName() {
    return "inode";
  }

  @Override
  public long room(InodeEntry directory) throws CorruptImageException {
    return image.array(directory).count();
  }

  @Override
  public long totalRoom() {
    return base == null ? 0 : base.entryRoom();
  }

  @Override
  public String roomName() {
    return "entries";
  }

  @Override
  public List<Child<InodeEntry>> children(byte[] path, InodeEntry directory)
      throws CorruptImageException {
    List<Child<InodeEntry>> children = new ArrayList<>();
    for (DirectoryEntry entry : image.entries(directory)) {
      if (!EntryName.isValid(entry)) {
        String found =
            "\"" + Escapes.escape(entry.name()) + "\" of " + entry.nameLength() + " bytes";
        throw corrupt(Escapes.escape(path), "names that can be looked up", found);
      }
      children.add(new Child<>(entry.name(), image.inode(Integer.toUnsignedLong(entry.inode()))));
    }
    return children;
  }

  @Override
  public CorruptImageException corrupt(String place, String expected, String found) {
    return image.corrupt(place, expected, found);
  }
}

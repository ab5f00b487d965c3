package io.daxconv.converter.erofs;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.Directories;
import io.daxconv.converter.daxfs.EntryName;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.text.Escapes;
import java.util.ArrayList;
import java.util.List;

/** The directories of an EROFS view; room is counted in bytes. */
final class ErofsDirectories implements Directories<PlacedInode> {
  private final ErofsView view;

  ErofsDirectories(ErofsView view) {
    this.view = view;
  }

  @Override
  public PlacedInode root() throws CorruptImageException {
    return view.root();
  }

  @Override
  public boolean isDirectory(PlacedInode inode) {
    return inode.type() == FileMode.DIRECTORY;
  }

  @Override
  public long number(PlacedInode inode) {
    return inode.nid();
  }

  @Override
  public String numberName() {
    return "nid";
  }

  @Override
  public long room(PlacedInode directory) {
    return directory.inode().size();
  }

  @Override
  public long totalRoom() {
    return view.size();
  }

  @Override
  public String roomName() {
    return "blocks";
  }

  @Override
  public List<Child<PlacedInode>> children(byte[] path, PlacedInode directory)
      throws CorruptImageException {
    List<Child<PlacedInode>> children = new ArrayList<>();
    for (ErofsEntry entry : view.entries(directory)) {
      if (entry.isDots()) {
        continue;
      }
      if (!EntryName.isValid(entry.name())) {
        String found = Escapes.escape(entry.name());
        throw corrupt(Escapes.escape(path), "names that can be looked up", found);
      }
      children.add(new Child<>(entry.name(), view.inode(entry.nid())));
    }
    return children;
  }

  @Override
  public CorruptImageException corrupt(String place, String expected, String found) {
    return view.corrupt(place, expected, found);
  }
}

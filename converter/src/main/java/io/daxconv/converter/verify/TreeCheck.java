package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.BaseImage;
import io.daxconv.converter.daxfs.DirectoryArray;
import io.daxconv.converter.daxfs.DirectoryEntry;
import io.daxconv.converter.daxfs.EntryName;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.text.Escapes;
import java.util.Arrays;

/**
 * Follows all directories from the root, each once, and checks every entry. Each array of entries
 * is read once, and all of them together can have no more entries than fit into the base image, so
 * neither cycles nor arrays that overlap make it long.
 */
final class TreeCheck {
  private final CheckedImage image;
  private final BaseImage base;
  private final InodeNames names;
  private int[] pending = {Superblock.ROOT_INODE};
  private int pendingCount = 1;
  private long entries;
  private boolean complete = true;

  TreeCheck(CheckedImage image, BaseImage base, InodeNames names) {
    this.image = image;
    this.base = base;
    this.names = names;
  }

  /** Checks the tree; false if not all of its directories could be followed. */
  boolean run() {
    while (pendingCount > 0 && complete) {
      directory(pending[--pendingCount]);
    }
    return complete && pendingCount == 0;
  }

  /** How many entries were read. */
  long entries() {
    return entries;
  }

  private void directory(int number) {
    InodeEntry inode = base.inode(number);
    if (FileMode.type(inode.mode()) != FileMode.DIRECTORY) {
      complete = false; // Only the root can be; the check of the inodes says so.
      return;
    }
    DirectoryArray array = DirectoryArray.of(inode, base.size());
    if (array == null) {
      complete = false; // The check of the inodes says so.
      return;
    }
    if (array.count() > ImageVerifier.MOST_INODES) {
      String expected = "at most " + ImageVerifier.MOST_INODES + ", which is what can be checked";
      add("directory-entry-count", names.place(number), expected, Long.toString(array.count()));
      complete = false;
      return;
    }
    if (array.count() > base.entryRoom() - entries) {
      String expected = "entries apart from those of other directories";
      add(
          "directory-overlap",
          names.place(number),
          expected,
          "more entries than the image has room for");
      complete = false;
      return;
    }
    entries += array.count();
    entries(number, array);
  }

  private void entries(int directory, DirectoryArray array) {
    byte[] last = {};
    boolean ascending = true;
    for (long i = 0; i < array.count(); i++) {
      if (image.findings().isEnough()) {
        complete = false;
        return;
      }
      DirectoryEntry entry = DirectoryEntry.read(base.bytes(), array.position(i));
      entry(directory, entry, array.position(i));
      ascending &= Arrays.compareUnsigned(last, entry.name()) < 0;
      last = entry.name();
    }
    // Most writers sort, and then nothing needs to be remembered.
    if (!ascending) {
      duplicates(directory, array);
    }
  }

  private void entry(int directory, DirectoryEntry entry, long position) {
    if (!EntryName.isValid(entry)) {
      addEntry(
          "entry-name",
          directory,
          entry,
          position,
          "a name of 1 to 255 bytes, without / and NUL, not . or ..",
          "\"%s\" of %d bytes".formatted(Escapes.escape(entry.name()), entry.nameLength()));
    }
    long number = Integer.toUnsignedLong(entry.inode());
    if (number < 1 || number > base.inodeCount()) {
      String expected = "an inode from 1 to " + base.inodeCount();
      addEntry("entry-inode", directory, entry, position, expected, Long.toString(number));
      return;
    }
    long pad = base.positionInImage(position);
    image.requireZero("reserved-not-zero", "after a name's length", pad + 10, pad + 16);
    child(directory, entry, position);
  }

  private void child(int directory, DirectoryEntry entry, long position) {
    int number = entry.inode();
    int mode = base.inode(number).mode();
    if (FileMode.type(mode) != FileMode.type(entry.mode())) {
      String expected = "the type of inode %d, mode 0%o".formatted(number, mode);
      String found = "mode 0%o".formatted(entry.mode());
      addEntry("entry-type", directory, entry, position, expected, found);
    }
    boolean isDirectory = FileMode.type(mode) == FileMode.DIRECTORY;
    boolean first = names.add(number, directory, position);
    names.link(isDirectory ? directory : number);
    if (isDirectory && first) {
      push(number);
    } else if (isDirectory) {
      String found = "another name of inode %d, %s".formatted(number, names.path(number));
      addEntry("directory-reached-twice", directory, entry, position, "one name", found);
    }
  }

  private void push(int directory) {
    if (pendingCount == pending.length) {
      pending = Arrays.copyOf(pending, pendingCount * 2);
    }
    pending[pendingCount++] = directory;
  }

  private void duplicates(int directory, DirectoryArray array) {
    byte[][] all = new byte[Math.toIntExact(array.count())][];
    for (int i = 0; i < all.length; i++) {
      all[i] = DirectoryEntry.read(base.bytes(), array.position(i)).name();
    }
    Arrays.sort(all, Arrays::compareUnsigned);
    for (int i = 1; i < all.length; i++) {
      // An empty name is wrong already.
      if (all[i].length > 0 && Arrays.equals(all[i - 1], all[i])) {
        String name = Escapes.escape(all[i]);
        add("entry-name-duplicate", names.place(directory), "each name once", name + " again");
      }
    }
  }

  private void addEntry(
      String id, int directory, DirectoryEntry entry, long at, String expected, String found) {
    String path = names.path(directory);
    String place =
        "%s%s%s (entry of inode %d, byte %d)"
            .formatted(
                path,
                path.endsWith("/") ? "" : "/",
                Escapes.escape(entry.name()),
                directory,
                base.positionInImage(at));
    add(id, place, expected, found);
  }

  private void add(String id, String place, String expected, String found) {
    image.findings().add(id, place, expected, found);
  }
}

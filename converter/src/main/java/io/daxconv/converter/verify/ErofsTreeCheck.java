package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.EntryName;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.SuperblockRules.Listener;
import io.daxconv.converter.erofs.ErofsData;
import io.daxconv.converter.erofs.ErofsDirent;
import io.daxconv.converter.erofs.ErofsEntry;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.erofs.PlacedInode;
import io.daxconv.converter.text.Escapes;
import java.util.Arrays;

/**
 * Follows all directories of the EROFS view from the root, each once, and checks every entry. All
 * of them together can have no more bytes than the view, so neither cycles nor blocks that are
 * shared make it long.
 */
final class ErofsTreeCheck {
  private final ErofsCheckedView checked;
  private final ErofsView view;
  private final ErofsNames names;
  private long bytesLeft;
  private int[] pending = {ErofsNames.ROOT};
  private int pendingCount = 1;
  private boolean complete = true;

  ErofsTreeCheck(ErofsCheckedView checked) {
    this.checked = checked;
    this.view = checked.view();
    this.names = checked.names();
    this.bytesLeft = view.size();
  }

  /** Checks the tree; false if not all of it could be followed. */
  boolean run() {
    PlacedInode root = view.inode(names.nid(ErofsNames.ROOT), checked.reporting(ErofsNames.ROOT));
    if (root == null) {
      return false;
    }
    if (root.type() != FileMode.DIRECTORY) {
      String found = "mode 0%o".formatted(root.inode().mode());
      checked.add("erofs-root", root, ErofsNames.ROOT, "the root to be a directory", found);
      return false;
    }
    while (pendingCount > 0) {
      directory(pending[--pendingCount]);
    }
    return complete;
  }

  private void directory(int index) {
    PlacedInode directory = checked.inode(index);
    ErofsData data = directory == null ? null : view.data(directory, checked.reporting(index));
    if (directory == null || data == null) {
      complete = false;
      return;
    }
    bytesLeft -= data.size();
    if (bytesLeft < 0) {
      String expected = "blocks apart from those of other directories";
      checked.add("erofs-overlap", directory, index, expected, "more than the image has");
      complete = false;
      return;
    }
    if (!new Entries(index, directory.nid()).check(directory, data)) {
      complete = false;
    }
  }

  private void push(int index) {
    if (pendingCount == pending.length) {
      pending = Arrays.copyOf(pending, pendingCount * 2);
    }
    pending[pendingCount++] = index;
  }

  /** The entries of one directory. */
  private final class Entries {
    private final int directory;
    private final long self;
    private final long parent;
    private byte[] last = {};
    private int dots;

    Entries(int directory, long self) {
      this.directory = directory;
      this.self = self;
      this.parent = names.nid(names.parent(directory));
    }

    boolean check(PlacedInode inode, ErofsData data) {
      boolean whole = view.entries(data, checked.reporting(directory), this::entry);
      if (whole && dots != 2) {
        String expected = "the entries . and ..";
        checked.add("erofs-dirent-dots", inode, directory, expected, dots + " of them");
      }
      return whole;
    }

    private void entry(ErofsEntry entry) {
      if (checked.isEnough()) {
        complete = false;
        return;
      }
      if (Arrays.compareUnsigned(last, entry.name()) >= 0) {
        String expected = "names in ascending order, after " + Escapes.escape(last);
        add("erofs-dirent-order", entry, expected, Escapes.escape(entry.name()));
      }
      last = entry.name();
      if (entry.isDots()) {
        dots(entry);
      } else {
        child(entry);
      }
    }

    private void dots(ErofsEntry entry) {
      dots++;
      long expected = entry.isSelf() ? self : parent;
      if (entry.nid() != expected) {
        String found = "nid " + Long.toUnsignedString(entry.nid());
        add("erofs-dirent-dots", entry, "nid " + expected, found);
      }
      type(entry, FileMode.DIRECTORY);
    }

    private void child(ErofsEntry entry) {
      if (!EntryName.isValid(entry.name())) {
        String found = Escapes.escape(entry.name());
        add("erofs-name", entry, "a name without / and NUL, not . or ..", found);
      }
      PlacedInode inode = view.inode(entry.nid(), reporting(entry));
      if (inode == null) {
        complete = false;
        return;
      }
      type(entry, inode.inode().mode());
      boolean isDirectory = inode.type() == FileMode.DIRECTORY;
      int known = names.find(entry.nid());
      int index = known < 0 ? add(entry) : known;
      if (index < 0) {
        return;
      }
      names.link(isDirectory ? directory : index);
      if (isDirectory && known < 0) {
        push(index);
      } else if (isDirectory) {
        String found = "another name of nid %d, %s".formatted(entry.nid(), names.path(known));
        add("erofs-directory-reached-twice", entry, "one name", found);
      }
    }

    private int add(ErofsEntry entry) {
      if (names.count() < ImageVerifier.MOST_INODES) {
        return names.add(directory, entry);
      }
      if (complete) {
        String expected = "at most " + ImageVerifier.MOST_INODES + ", which is what can be checked";
        add("erofs-inode-count", entry, expected, "more inodes");
      }
      complete = false;
      return -1;
    }

    private void type(ErofsEntry entry, int mode) {
      int expected = ErofsDirent.fileType(mode);
      if (entry.fileType() != expected) {
        String found = Integer.toString(entry.fileType());
        add("erofs-dirent-type", entry, "file_type " + expected, found);
      }
    }

    private Listener<RuntimeException> reporting(ErofsEntry entry) {
      return (id, place, expected, found) -> add(id, entry, expected, found);
    }

    private void add(String id, ErofsEntry entry, String expected, String found) {
      String path = names.path(directory, entry.name());
      checked.add(id, "%s (entry at byte %d)".formatted(path, entry.at()), expected, found);
    }
  }
}

package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.BaseImage;
import io.daxconv.converter.daxfs.DirectoryArray;
import io.daxconv.converter.daxfs.DirectoryEntry;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.erofs.ErofsData;
import io.daxconv.converter.erofs.ErofsEntry;
import io.daxconv.converter.erofs.PlacedInode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Checks that the EROFS view has the tree that DAXFS has, and beyond that special files only. Goes
 * through both trees at once, each of which was followed before. Each inode is compared once, under
 * the first of its names; the others must lead to the same pair.
 */
final class ErofsComparison {
  private final ErofsCheckedView checked;
  private final ErofsNames names;
  private final BaseImage base;
  private final InodeComparison inodes;

  /** By DAXFS inode number, the index of the EROFS inode plus one; 0 for not yet met. */
  private final int[] ofDaxfs;

  /** By index, the DAXFS inode number; 0 for not yet met. */
  private final int[] ofErofs;

  /** Directories still to be compared, by DAXFS inode number. */
  private int[] pending = new int[64];

  private int pendingCount;

  ErofsComparison(ErofsCheckedView checked, BaseImage base) {
    this.checked = checked;
    this.names = checked.names();
    this.base = base;
    this.inodes = new InodeComparison(checked, base);
    this.ofDaxfs = new int[Math.toIntExact(base.inodeCount()) + 1];
    this.ofErofs = new int[names.count()];
  }

  /** Compares all. */
  void run() {
    match(Superblock.ROOT_INODE, ErofsNames.ROOT);
    while (pendingCount > 0 && !checked.isEnough()) {
      int number = pending[--pendingCount];
      directory(number, ofDaxfs[number] - 1);
    }
  }

  private void directory(int number, int index) {
    List<DirectoryEntry> expected = daxfs(number);
    List<ErofsEntry> found = erofs(index);
    int next = 0;
    for (DirectoryEntry entry : expected) {
      while (next < found.size() && compare(found.get(next), entry) < 0) {
        unexpected(index, found.get(next++));
      }
      if (next < found.size() && compare(found.get(next), entry) == 0) {
        int child = names.find(found.get(next++).nid());
        if (!match(entry.inode(), child)) {
          links(index, entry, child);
        }
      } else {
        String path = names.path(index, entry.name());
        checked.add("erofs-differs-missing", path, "the path that DAXFS has", "nothing");
      }
    }
    while (next < found.size()) {
      unexpected(index, found.get(next++));
    }
  }

  private static int compare(ErofsEntry entry, DirectoryEntry other) {
    return Arrays.compareUnsigned(entry.name(), other.name());
  }

  /** False if either has been met already, and not with the other. */
  private boolean match(int number, int index) {
    if (ofDaxfs[number] == 0 && ofErofs[index] == 0) {
      ofDaxfs[number] = index + 1;
      ofErofs[index] = number;
      if (inodes.compare(number, index)) {
        push(number);
      }
      return true;
    }
    return ofDaxfs[number] == index + 1 && ofErofs[index] == number;
  }

  private void links(int directory, DirectoryEntry entry, int index) {
    String path = names.path(directory, entry.name());
    int other = ofDaxfs[entry.inode()] - 1;
    String expected =
        other < 0 ? "a file of its own, as in DAXFS" : "a link to " + names.path(other);
    String found = ofErofs[index] == 0 ? "a file of its own" : "a link to " + names.path(index);
    checked.add("erofs-differs-links", path, expected, found);
  }

  private void unexpected(int directory, ErofsEntry entry) {
    int index = names.find(entry.nid());
    PlacedInode inode = checked.inode(index);
    if (inode != null && !inode.isSpecial()) {
      String path = names.path(directory, entry.name());
      String expected = "nothing, as in DAXFS, or a special file";
      checked.add("erofs-differs-unexpected", path, expected, InodeComparison.kind(inode.type()));
    }
  }

  private void push(int number) {
    if (pendingCount == pending.length) {
      pending = Arrays.copyOf(pending, pendingCount * 2);
    }
    pending[pendingCount++] = number;
  }

  private List<DirectoryEntry> daxfs(int number) {
    InodeEntry inode = base.inode(number);
    DirectoryArray array = DirectoryArray.of(inode, base.size());
    List<DirectoryEntry> entries = new ArrayList<>();
    for (long i = 0; array != null && i < array.count(); i++) {
      DirectoryEntry entry = DirectoryEntry.read(base.bytes(), array.position(i));
      long child = Integer.toUnsignedLong(entry.inode());
      // What leads nowhere has been reported.
      if (child >= 1 && child <= base.inodeCount()) {
        entries.add(entry);
      }
    }
    entries.sort((a, b) -> Arrays.compareUnsigned(a.name(), b.name()));
    return entries;
  }

  private List<ErofsEntry> erofs(int index) {
    List<ErofsEntry> entries = new ArrayList<>();
    PlacedInode inode = checked.inode(index);
    ErofsData data =
        inode == null || inode.type() != FileMode.DIRECTORY
            ? null
            : checked.view().data(inode, ErofsCheckedView.silent());
    if (data != null) {
      checked
          .view()
          .entries(
              data,
              ErofsCheckedView.silent(),
              entry -> {
                if (!entry.isDots()) {
                  entries.add(entry);
                }
              });
    }
    entries.sort((a, b) -> Arrays.compareUnsigned(a.name(), b.name()));
    return entries;
  }
}

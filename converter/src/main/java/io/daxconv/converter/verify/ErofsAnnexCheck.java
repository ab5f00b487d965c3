package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.AnnexListener;
import io.daxconv.converter.annex.FileXattrs;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.annex.SpecialFile;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.erofs.ErofsInode;
import io.daxconv.converter.erofs.PlacedInode;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Checks that the EROFS view holds what the annex says that DAXFS cannot, and nothing else of that
 * kind. The annex names a special file by each of its names, and xattrs by one name of their file.
 */
final class ErofsAnnexCheck {
  /** Of a {@link Remark} about an xattr that EROFS cannot hold either. */
  private static final String NOT_IN_EROFS = "xattr-not-in-erofs";

  private final ErofsCheckedView checked;
  private final ErofsNames names;
  private final PathLookup paths;
  private final Set<String> notInErofs = new HashSet<>();
  private final BitSet withXattrs = new BitSet();
  private final int[] specialNames;

  private ErofsAnnexCheck(ErofsCheckedView checked) {
    this.checked = checked;
    this.names = checked.names();
    this.paths = new PathLookup(checked.view());
    this.specialNames = new int[names.count()];
  }

  /**
   * Checks a view whose tree is sound.
   *
   * @param annex the annex as JSON
   * @throws CorruptImageException if the annex cannot be read
   */
  static void check(ErofsCheckedView checked, MemorySegment annex) throws CorruptImageException {
    ErofsAnnexCheck check = new ErofsAnnexCheck(checked);
    AnnexJson.read("annex", annex, check.new Remarks());
    AnnexJson.read("annex", annex, check.new Files());
    check.rest();
  }

  /** Where the remarks stand in the annex is not said, so they are read first. */
  private final class Remarks implements AnnexListener {
    @Override
    public void remark(Remark remark) {
      if (remark.id().equals(NOT_IN_EROFS)) {
        int end = remark.detail().indexOf(' ');
        String name = end < 0 ? remark.detail() : remark.detail().substring(0, end);
        notInErofs.add(remark.path() + " " + name);
      }
    }
  }

  private final class Files implements AnnexListener {
    @Override
    public void xattrs(FileXattrs file) {
      int index = find(file.path());
      if (index < 0) {
        add("xattrs", file.path(), "the file whose xattrs the annex has", "nothing");
        return;
      }
      if (withXattrs.get(index)) {
        add("xattrs", file.path(), "each file once in the annex", "it again");
        return;
      }
      withXattrs.set(index);
      PlacedInode inode = checked.inode(index);
      SortedMap<String, byte[]> found =
          inode == null ? null : checked.view().xattrs(inode, ErofsCheckedView.silent());
      if (found != null) {
        compare(file, found);
      }
    }

    @Override
    public void specialFile(SpecialFile file) {
      int index = find(file.path());
      PlacedInode inode = index < 0 ? null : checked.inode(index);
      String found = inode == null ? "nothing" : shown(inode);
      if (!found.equals(shown(file))) {
        add("special", file.path(), shown(file), found);
      }
      if (inode != null && inode.isSpecial()) {
        specialNames[index]++;
      }
    }
  }

  private int find(String path) {
    PlacedInode inode = checked.isEnough() ? null : paths.find(path);
    return inode == null ? -1 : names.find(inode.nid());
  }

  private void compare(FileXattrs file, SortedMap<String, byte[]> found) {
    for (Map.Entry<String, byte[]> xattr : file.xattrs().entrySet()) {
      byte[] value = found.get(xattr.getKey());
      if (value == null && !notInErofs.contains(file.path() + " " + xattr.getKey())) {
        add("xattrs", file.path(), xattr.getKey() + ", as in the annex", "no such xattr");
      } else if (value != null && !Arrays.equals(value, xattr.getValue())) {
        String expected = xattr.getKey() + " with the value that the annex has";
        add("xattrs", file.path(), expected, "another of " + value.length + " bytes");
      }
    }
    for (String name : found.keySet()) {
      if (!file.xattrs().containsKey(name)) {
        add("xattrs", file.path(), "no " + name + ", as in the annex", "it");
      }
    }
  }

  /** What the annex did not name. */
  private void rest() {
    for (int index = 0; index < names.count() && !checked.isEnough(); index++) {
      PlacedInode inode = checked.inode(index);
      if (inode == null) {
        continue;
      }
      if (inode.inode().xattrCount() != 0 && !withXattrs.get(index)) {
        add("xattrs", names.path(index), "no xattrs, as in the annex", "xattrs");
      }
      if (inode.isSpecial() && specialNames[index] != names.links(index)) {
        String expected = "all names of a special file in the annex";
        String found = "%d of %d".formatted(specialNames[index], names.links(index));
        add("special", names.path(index), expected, found);
      }
    }
  }

  private static String shown(SpecialFile file) {
    return "%s %04o %d:%d device %d:%d"
        .formatted(
            file.type(), file.permissions(), file.uid(), file.gid(), file.major(), file.minor());
  }

  private static String shown(PlacedInode placed) {
    ErofsInode inode = placed.inode();
    String type =
        switch (placed.type()) {
          case FileMode.CHARACTER_DEVICE -> "character-device";
          case FileMode.BLOCK_DEVICE -> "block-device";
          case FileMode.FIFO -> "fifo";
          case FileMode.SOCKET -> "socket";
          default -> "no special file,";
        };
    boolean device = type.endsWith("device");
    return "%s %04o %d:%d device %d:%d"
        .formatted(
            type,
            inode.mode() & FileMode.PERMISSIONS,
            Integer.toUnsignedLong(inode.uid()),
            Integer.toUnsignedLong(inode.gid()),
            device ? ErofsInode.major(inode.blockOrDevice()) : 0,
            device ? ErofsInode.minor(inode.blockOrDevice()) : 0);
  }

  private void add(String what, String path, String expected, String found) {
    checked.add("erofs-differs-" + what, path, expected, found);
  }
}

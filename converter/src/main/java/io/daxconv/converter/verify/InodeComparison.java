package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.BaseImage;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.erofs.ErofsData;
import io.daxconv.converter.erofs.ErofsInode;
import io.daxconv.converter.erofs.PlacedInode;
import io.daxconv.converter.text.Escapes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/** Compares an inode of the EROFS view with the DAXFS inode of the same path. */
final class InodeComparison {
  /** Data that is not shared is compared byte by byte, but not the same bytes over and over. */
  private static final int MOST_READINGS = 4;

  private final ErofsCheckedView checked;
  private final BaseImage base;
  private final boolean split;
  private final boolean backing;
  private long bytesLeft;

  InodeComparison(ErofsCheckedView checked, BaseImage base) {
    this.checked = checked;
    this.base = base;
    this.split = checked.image().superblock().pageCacheOffset() != 0;
    this.backing = checked.image().isBacking();
    this.bytesLeft = MOST_READINGS * checked.image().size();
  }

  /** Compares one pair; true if both are directories. */
  boolean compare(int number, int index) {
    InodeEntry expected = base.inode(number);
    PlacedInode found = checked.inode(index);
    int type = FileMode.type(expected.mode());
    if (found == null) {
      return false; // The check of the tree says so.
    }
    if (found.type() != type) {
      add("type", index, kind(type), kind(found.type()));
      return false;
    }
    fields(index, expected, found.inode());
    ErofsData data =
        type == FileMode.DIRECTORY ? null : checked.view().data(found, ErofsCheckedView.silent());
    if (data != null && type == FileMode.REGULAR && backing) {
      backed(index, expected, data);
    } else if (data != null && type == FileMode.REGULAR && !split) {
      regular(index, expected, data);
    } else if (data != null && type == FileMode.SYMLINK) {
      symlink(index, expected, data);
    }
    return type == FileMode.DIRECTORY;
  }

  private void fields(int index, InodeEntry expected, ErofsInode found) {
    int permissions = expected.mode() & FileMode.PERMISSIONS;
    if (permissions != (found.mode() & FileMode.PERMISSIONS)) {
      add("mode", index, octal(permissions), octal(found.mode() & FileMode.PERMISSIONS));
    }
    if (expected.uid() != found.uid() || expected.gid() != found.gid()) {
      add("owner", index, owner(expected.uid(), expected.gid()), owner(found.uid(), found.gid()));
    }
    boolean regular = FileMode.type(expected.mode()) == FileMode.REGULAR;
    if (regular && expected.size() != found.size()) {
      String size = Long.toUnsignedString(expected.size());
      add("size", index, size + " bytes", Long.toUnsignedString(found.size()) + " bytes");
    }
  }

  /** In a backing file both views count from its start. */
  private void backed(int index, InodeEntry expected, ErofsData found) {
    Extent data = new Extent(expected.dataOffset(), expected.size());
    boolean same = found.blocks().offset() == data.offset() && found.tail().size() == 0;
    if (data.size() == found.size() && data.size() > 0 && !same) {
      add("data", index, "the data of DAXFS, " + data, found.blocks().toString());
    }
  }

  private void regular(int index, InodeEntry expected, ErofsData found) {
    Extent data = new Extent(expected.dataOffset(), expected.size());
    // What is wrong with either, and other sizes, have been reported.
    if (data.size() != found.size() || data.size() == 0 || !data.within(base.size())) {
      return;
    }
    long at = base.positionInImage(data.offset());
    if (found.blocks().offset() == at && found.tail().size() == 0) {
      return;
    }
    bytesLeft -= data.size();
    if (bytesLeft < 0) {
      add("data", index, "the data of DAXFS, " + data, "more to compare than the image holds");
      return;
    }
    long from = data.offset();
    for (MemorySegment piece : found.pieces(checked.image().bytes())) {
      long differs =
          MemorySegment.mismatch(
              base.bytes(), from, from + piece.byteSize(), piece, 0, piece.byteSize());
      if (differs >= 0) {
        String place = "other bytes from byte " + (from - data.offset() + differs) + " of it";
        add("data", index, "the data of DAXFS, " + new Extent(at, data.size()), place);
        return;
      }
      from += piece.byteSize();
    }
  }

  private void symlink(int index, InodeEntry expected, ErofsData found) {
    Extent target = new Extent(expected.dataOffset(), expected.size());
    if (!target.within(base.size())) {
      return;
    }
    MemorySegment bytes = base.bytes().asSlice(target.offset(), target.size());
    long from = 0;
    boolean equal = target.size() == found.size();
    for (MemorySegment piece : found.pieces(checked.image().bytes())) {
      equal = equal && bytes.asSlice(from, piece.byteSize()).mismatch(piece) < 0;
      from += piece.byteSize();
    }
    if (!equal) {
      String other = found.size() + " bytes of target that differ";
      add("target", index, "\"" + shown(bytes) + "\", as in DAXFS", other);
    }
  }

  private static String shown(MemorySegment target) {
    long size = Math.min(target.byteSize(), 4096);
    return Escapes.escape(target.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE));
  }

  private void add(String what, int index, String expected, String found) {
    checked.add("erofs-differs-" + what, checked.names().path(index), expected, found);
  }

  /** What a type is called. */
  static String kind(int type) {
    return switch (type) {
      case FileMode.REGULAR -> "a regular file";
      case FileMode.DIRECTORY -> "a directory";
      case FileMode.SYMLINK -> "a symlink";
      case FileMode.CHARACTER_DEVICE -> "a character device";
      case FileMode.BLOCK_DEVICE -> "a block device";
      case FileMode.FIFO -> "a FIFO";
      case FileMode.SOCKET -> "a socket";
      default -> "nothing known";
    };
  }

  private static String octal(int permissions) {
    return String.format(Locale.ROOT, "%04o", permissions);
  }

  private static String owner(int uid, int gid) {
    return Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid);
  }
}

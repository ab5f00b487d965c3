package io.daxconv.converter.verify;

import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.erofs.ErofsView;

/**
 * The bytes of the superblock's block that the module does not read. They are zero but for two
 * places that have a meaning of their own: the annex pointer and the superblock of an EROFS view.
 */
final class ReservedBytes {
  private static final String ID = "reserved-not-zero";

  /** What stands behind the last field of an EROFS superblock that has a meaning here. */
  private static final int EROFS_FIELDS = 84;

  private ReservedBytes() {}

  static void check(CheckedImage image) {
    image.requireEqual(ID, 12, "reserved", 0, image.superblock().reserved());
    image.requireZero(
        ID, "up to the annex pointer", Superblock.FIRST_UNREAD_BYTE, AnnexPointer.POSITION);
    int afterPointer = AnnexPointer.POSITION + AnnexPointer.SIZE;
    if (AnnexPointer.read(image.bytes()) == null) {
      image.requireZero(ID, "or an annex pointer", AnnexPointer.POSITION, afterPointer);
    } else {
      image.requireZero(
          ID, "in the annex pointer", AnnexPointer.POSITION + 12, AnnexPointer.POSITION + 16);
    }
    image.requireZero(ID, "up to the EROFS superblock", afterPointer, ErofsSuperblock.POSITION);
    erofs(image);
    image.requireZero(
        ID,
        "up to the end of the superblock's block",
        ErofsSuperblock.POSITION + ErofsSuperblock.SIZE,
        image.blockSize());
  }

  /** With a magic that is neither zeros nor that of EROFS, nobody knows what the rest is. */
  private static void erofs(CheckedImage image) {
    int at = ErofsSuperblock.POSITION;
    int end = at + ErofsSuperblock.SIZE;
    int magic = ErofsView.magic(image.bytes());
    if (magic == 0) {
      image.requireZero(ID, "or an EROFS superblock at 1024", at, end);
    } else if (magic == ErofsSuperblock.MAGIC) {
      image.requireZero(ID, "for slots after the EROFS superblock", at + 13, at + 14);
      image.requireZero(ID, "after the EROFS superblock's fields", at + EROFS_FIELDS, end);
    }
  }
}

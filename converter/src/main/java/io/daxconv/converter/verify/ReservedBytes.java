package io.daxconv.converter.verify;

import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.daxfs.Superblock;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The bytes of the superblock's block that the module does not read. They are zero but for two
 * places that have a meaning of their own: the annex pointer and the superblock of an EROFS view.
 */
final class ReservedBytes {
  private static final String ID = "reserved-not-zero";

  /** EROFS, fs/erofs/erofs_fs.h: EROFS_SUPER_OFFSET, EROFS_SUPER_MAGIC_V1. */
  private static final int EROFS_AT = 1024;

  private static final int EROFS_SIZE = 128;
  private static final int EROFS_MAGIC = 0xe0f5e1e2;

  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

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
    image.requireZero(ID, "up to the EROFS superblock", afterPointer, EROFS_AT);
    if (image.bytes().get(U32, EROFS_AT) != EROFS_MAGIC) {
      image.requireZero(ID, "or an EROFS superblock at 1024", EROFS_AT, EROFS_AT + EROFS_SIZE);
    }
    image.requireZero(
        ID, "up to the end of the superblock's block", EROFS_AT + EROFS_SIZE, image.blockSize());
  }
}

package io.daxconv.converter.erofs;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u16;
import static io.daxconv.converter.format.Fields.u64;
import static io.daxconv.converter.format.Fields.u8;
import static io.daxconv.converter.format.Fields.zeros;

import io.daxconv.converter.daxfs.FileMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * A directory entry ({@code struct erofs_dirent}). Each block of a directory starts with its
 * entries; the first one's {@code nameoff} says how many. Behind them stand the names, each up to
 * where the next begins, the last up to the block's end or a NUL. Entries are sorted by the bytes
 * of their names over the whole directory, {@code .} and {@code ..} among them.
 *
 * @param nid the child's inode
 * @param nameOffset from the start of the block
 * @param fileType one of the FT constants
 */
public record ErofsDirent(long nid, int nameOffset, int fileType) {
  public static final int SIZE = 12;

  private static final int FT_REG_FILE = 1;
  private static final int FT_DIR = 2;
  private static final int FT_CHRDEV = 3;
  private static final int FT_BLKDEV = 4;
  private static final int FT_FIFO = 5;
  private static final int FT_SOCK = 6;
  private static final int FT_SYMLINK = 7;

  static final StructLayout LAYOUT =
      struct("erofs_dirent", SIZE, u64("nid"), u16("nameoff"), u8("file_type"), zeros(1));

  private static final VarHandle NID = handle(LAYOUT, "nid");
  private static final VarHandle NAMEOFF = handle(LAYOUT, "nameoff");
  private static final VarHandle FILE_TYPE = handle(LAYOUT, "file_type");

  /** Reads the entry at an offset. */
  public static ErofsDirent read(MemorySegment image, long at) {
    return new ErofsDirent(
        (long) NID.get(image, at),
        Short.toUnsignedInt((short) NAMEOFF.get(image, at)),
        Byte.toUnsignedInt((byte) FILE_TYPE.get(image, at)));
  }

  /** Writes the entry at an offset, over bytes that are zero. */
  public void write(MemorySegment image, long at) {
    NID.set(image, at, nid);
    NAMEOFF.set(image, at, (short) nameOffset);
    FILE_TYPE.set(image, at, (byte) fileType);
  }

  /** The file type of a mode; 0 for one that is none. */
  public static int fileType(int mode) {
    return switch (FileMode.type(mode)) {
      case FileMode.REGULAR -> FT_REG_FILE;
      case FileMode.DIRECTORY -> FT_DIR;
      case FileMode.CHARACTER_DEVICE -> FT_CHRDEV;
      case FileMode.BLOCK_DEVICE -> FT_BLKDEV;
      case FileMode.FIFO -> FT_FIFO;
      case FileMode.SOCKET -> FT_SOCK;
      case FileMode.SYMLINK -> FT_SYMLINK;
      default -> 0;
    };
  }
}

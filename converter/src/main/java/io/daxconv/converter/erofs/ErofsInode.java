package io.daxconv.converter.erofs;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u16;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;
import static io.daxconv.converter.format.Fields.zeros;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * An inode in either of its forms ({@code struct erofs_inode_compact} and {@code
 * erofs_inode_extended} in fs/erofs/erofs_fs.h). Inode {@code nid} stands at {@code meta_blkaddr *
 * 4096 + nid * 32}.
 *
 * @param extended 64 bytes with a time of its own, or 32 without
 * @param dataLayout {@link #FLAT_PLAIN} or {@link #FLAT_INLINE}
 * @param xattrCount 0 for no xattrs, else 1 + (bytes after the xattr header) / 4
 * @param mode type and permissions
 * @param size bytes
 * @param blockOrDevice the first data block, or the device number of a device
 * @param number what {@code i_ino} says
 * @param uid the owner, unsigned
 * @param gid the group, unsigned
 * @param mtime seconds since 1970; of a compact inode the superblock's
 * @param mtimeNanos nanoseconds of it
 * @param nlink names
 */
public record ErofsInode(
    boolean extended,
    int dataLayout,
    int xattrCount,
    int mode,
    long size,
    int blockOrDevice,
    int number,
    int uid,
    int gid,
    long mtime,
    int mtimeNanos,
    int nlink) {
  public static final int SLOT = 32;
  public static final int COMPACT_SIZE = 32;
  public static final int EXTENDED_SIZE = 64;
  public static final int FLAT_PLAIN = 0;
  public static final int FLAT_INLINE = 2;

  static final StructLayout COMPACT =
      struct(
          "erofs_inode_compact",
          COMPACT_SIZE,
          u16("i_format"),
          u16("i_xattr_icount"),
          u16("i_mode"),
          u16("i_nlink"),
          u32("i_size"),
          zeros(4),
          u32("i_u"),
          u32("i_ino"),
          u16("i_uid"),
          u16("i_gid"),
          zeros(4));

  static final StructLayout EXTENDED =
      struct(
          "erofs_inode_extended",
          EXTENDED_SIZE,
          u16("i_format"),
          u16("i_xattr_icount"),
          u16("i_mode"),
          zeros(2),
          u64("i_size"),
          u32("i_u"),
          u32("i_ino"),
          u32("i_uid"),
          u32("i_gid"),
          u64("i_mtime"),
          u32("i_mtime_nsec"),
          u32("i_nlink"),
          zeros(16));

  // The first three fields stand in the same place in both forms; a handle needs room for the whole
  // struct that it is of.
  private static final VarHandle FORMAT = handle(COMPACT, "i_format");
  private static final VarHandle XATTR_ICOUNT = handle(COMPACT, "i_xattr_icount");
  private static final VarHandle MODE = handle(COMPACT, "i_mode");
  private static final VarHandle C_NLINK = handle(COMPACT, "i_nlink");
  private static final VarHandle C_SIZE = handle(COMPACT, "i_size");
  private static final VarHandle C_U = handle(COMPACT, "i_u");
  private static final VarHandle C_INO = handle(COMPACT, "i_ino");
  private static final VarHandle C_UID = handle(COMPACT, "i_uid");
  private static final VarHandle C_GID = handle(COMPACT, "i_gid");
  private static final VarHandle X_SIZE = handle(EXTENDED, "i_size");
  private static final VarHandle X_U = handle(EXTENDED, "i_u");
  private static final VarHandle X_INO = handle(EXTENDED, "i_ino");
  private static final VarHandle X_UID = handle(EXTENDED, "i_uid");
  private static final VarHandle X_GID = handle(EXTENDED, "i_gid");
  private static final VarHandle X_MTIME = handle(EXTENDED, "i_mtime");
  private static final VarHandle X_MTIME_NSEC = handle(EXTENDED, "i_mtime_nsec");
  private static final VarHandle X_NLINK = handle(EXTENDED, "i_nlink");

  /** Bytes of the form that an {@code i_format} at this offset says. */
  public static int sizeAt(MemorySegment image, long at) {
    return ((short) FORMAT.get(image, at) & 1) == 0 ? COMPACT_SIZE : EXTENDED_SIZE;
  }

  /** Bytes of this inode. */
  public int bytes() {
    return extended ? EXTENDED_SIZE : COMPACT_SIZE;
  }

  /** Bytes of its xattrs, header and all. */
  public int xattrBytes() {
    return xattrCount == 0 ? 0 : ErofsXattrs.HEADER_SIZE + 4 * (xattrCount - 1);
  }

  /**
   * Reads the inode at an offset.
   *
   * @param superblock gives a compact inode its time
   */
  public static ErofsInode read(MemorySegment image, long at, ErofsSuperblock superblock) {
    int format = Short.toUnsignedInt((short) FORMAT.get(image, at));
    int xattrCount = Short.toUnsignedInt((short) XATTR_ICOUNT.get(image, at));
    int mode = Short.toUnsignedInt((short) MODE.get(image, at));
    if ((format & 1) == 0) {
      return new ErofsInode(
          false,
          format >> 1,
          xattrCount,
          mode,
          Integer.toUnsignedLong((int) C_SIZE.get(image, at)),
          (int) C_U.get(image, at),
          (int) C_INO.get(image, at),
          Short.toUnsignedInt((short) C_UID.get(image, at)),
          Short.toUnsignedInt((short) C_GID.get(image, at)),
          superblock.buildTime(),
          superblock.buildTimeNanos(),
          Short.toUnsignedInt((short) C_NLINK.get(image, at)));
    }
    return new ErofsInode(
        true,
        format >> 1,
        xattrCount,
        mode,
        (long) X_SIZE.get(image, at),
        (int) X_U.get(image, at),
        (int) X_INO.get(image, at),
        (int) X_UID.get(image, at),
        (int) X_GID.get(image, at),
        (long) X_MTIME.get(image, at),
        (int) X_MTIME_NSEC.get(image, at),
        (int) X_NLINK.get(image, at));
  }

  /** Writes the inode at an offset, over bytes that are zero. */
  public void write(MemorySegment image, long at) {
    FORMAT.set(image, at, (short) ((extended ? 1 : 0) | (dataLayout << 1)));
    XATTR_ICOUNT.set(image, at, (short) xattrCount);
    MODE.set(image, at, (short) mode);
    if (extended) {
      X_SIZE.set(image, at, size);
      X_U.set(image, at, blockOrDevice);
      X_INO.set(image, at, number);
      X_UID.set(image, at, uid);
      X_GID.set(image, at, gid);
      X_MTIME.set(image, at, mtime);
      X_MTIME_NSEC.set(image, at, mtimeNanos);
      X_NLINK.set(image, at, nlink);
    } else {
      C_NLINK.set(image, at, (short) nlink);
      C_SIZE.set(image, at, (int) size);
      C_U.set(image, at, blockOrDevice);
      C_INO.set(image, at, number);
      C_UID.set(image, at, (short) uid);
      C_GID.set(image, at, (short) gid);
    }
  }

  /** The kernel's encoding of a device number ({@code new_encode_dev} in linux/kdev_t.h). */
  public static int device(int major, int minor) {
    return (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
  }

  /** The major number in such an encoding. */
  public static int major(int device) {
    return (device & 0xfff00) >>> 8;
  }

  /** The minor number in such an encoding. */
  public static int minor(int device) {
    return (device & 0xff) | ((device >>> 12) & 0xfff00);
  }
}

package io.daxconv.converter.daxfs;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;
import static io.daxconv.converter.format.Fields.zeros;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * One slot of the inode table ({@code struct daxfs_base_inode}). Slot {@code n} stands at {@code
 * base_offset + inode_offset + 64 (n - 1)} and holds inode {@code n}.
 *
 * @param number the inode number, unsigned
 * @param mode file type and permissions, as in {@code st_mode}
 * @param uid the owner, unsigned
 * @param gid the group, unsigned
 * @param size regular file: bytes; symlink: bytes of the target without its NUL; directory: {@link
 *     DirectoryEntry#COUNTED_SIZE} an entry
 * @param dataOffset where the bytes stand, from the start of the base image
 * @param nlink names of a file; 2 + subdirectories of a directory
 */
public record InodeEntry(
    int number, int mode, int uid, int gid, long size, long dataOffset, int nlink) {
  public static final int SIZE = 64;

  static final StructLayout LAYOUT =
      struct(
          "daxfs_base_inode",
          SIZE,
          u32("ino"),
          u32("mode"),
          u32("uid"),
          u32("gid"),
          u64("size"),
          u64("data_offset"),
          u32("nlink"),
          zeros(28));

  private static final VarHandle INO = handle(LAYOUT, "ino");
  private static final VarHandle MODE = handle(LAYOUT, "mode");
  private static final VarHandle UID = handle(LAYOUT, "uid");
  private static final VarHandle GID = handle(LAYOUT, "gid");
  private static final VarHandle SIZE_FIELD = handle(LAYOUT, "size");
  private static final VarHandle DATA_OFFSET = handle(LAYOUT, "data_offset");
  private static final VarHandle NLINK = handle(LAYOUT, "nlink");

  /** Reads the slot at an offset. */
  public static InodeEntry read(MemorySegment image, long at) {
    return new InodeEntry(
        (int) INO.get(image, at),
        (int) MODE.get(image, at),
        (int) UID.get(image, at),
        (int) GID.get(image, at),
        (long) SIZE_FIELD.get(image, at),
        (long) DATA_OFFSET.get(image, at),
        (int) NLINK.get(image, at));
  }

  /** Writes the slot at an offset, over bytes that are zero. */
  public void write(MemorySegment image, long at) {
    INO.set(image, at, number);
    MODE.set(image, at, mode);
    UID.set(image, at, uid);
    GID.set(image, at, gid);
    SIZE_FIELD.set(image, at, size);
    DATA_OFFSET.set(image, at, dataOffset);
    NLINK.set(image, at, nlink);
  }
}

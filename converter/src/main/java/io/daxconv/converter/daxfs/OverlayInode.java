package io.daxconv.converter.daxfs;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * An inode in an overlay's pool ({@code struct daxfs_ovl_inode_entry}). An image without a base has
 * one, its root directory.
 *
 * @param type {@link #TYPE}
 * @param mode file type and permissions
 * @param uid the owner, unsigned
 * @param gid the group, unsigned
 * @param size bytes
 * @param nlink names of a file; 2 + subdirectories of a directory
 * @param flags 0
 */
public record OverlayInode(int type, int mode, int uid, int gid, long size, int nlink, int flags) {
  public static final int SIZE = 32;

  /** What tells an inode from the other entries of a pool. */
  public static final int TYPE = 1;

  /** The root of an image that holds nothing yet. */
  public static final OverlayInode ROOT =
      new OverlayInode(TYPE, FileMode.DIRECTORY | 0755, 0, 0, 0, 2, 0);

  static final StructLayout LAYOUT =
      struct(
          "daxfs_ovl_inode_entry",
          SIZE,
          u32("type"),
          u32("mode"),
          u32("uid"),
          u32("gid"),
          u64("size"),
          u32("nlink"),
          u32("flags"));

  private static final VarHandle TYPE_FIELD = handle(LAYOUT, "type");
  private static final VarHandle MODE = handle(LAYOUT, "mode");
  private static final VarHandle UID = handle(LAYOUT, "uid");
  private static final VarHandle GID = handle(LAYOUT, "gid");
  private static final VarHandle SIZE_FIELD = handle(LAYOUT, "size");
  private static final VarHandle NLINK = handle(LAYOUT, "nlink");
  private static final VarHandle FLAGS = handle(LAYOUT, "flags");

  /** Reads the entry at an offset. */
  public static OverlayInode read(MemorySegment image, long at) {
    return new OverlayInode(
        (int) TYPE_FIELD.get(image, at),
        (int) MODE.get(image, at),
        (int) UID.get(image, at),
        (int) GID.get(image, at),
        (long) SIZE_FIELD.get(image, at),
        (int) NLINK.get(image, at),
        (int) FLAGS.get(image, at));
  }

  /** Writes the entry at an offset, over bytes that are zero. */
  public void write(MemorySegment image, long at) {
    TYPE_FIELD.set(image, at, type);
    MODE.set(image, at, mode);
    UID.set(image, at, uid);
    GID.set(image, at, gid);
    SIZE_FIELD.set(image, at, size);
    NLINK.set(image, at, nlink);
    FLAGS.set(image, at, flags);
  }
}

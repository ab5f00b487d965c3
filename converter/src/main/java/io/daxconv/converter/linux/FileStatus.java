package io.daxconv.converter.linux;

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
 * What {@code statx(2)} says of a file ({@code struct statx} in linux/stat.h).
 *
 * @param mode type and permissions
 * @param links how many names it has
 * @param uid the owner
 * @param gid the group
 * @param size bytes
 * @param mtimeSeconds seconds since 1970
 * @param mtimeNanos 0 to 999,999,999
 * @param major of a device, else 0
 * @param minor of a device, else 0
 * @param identity which inode of which file system it is
 */
record FileStatus(
    int mode,
    int links,
    int uid,
    int gid,
    long size,
    long mtimeSeconds,
    int mtimeNanos,
    int major,
    int minor,
    Identity identity) {

  /** An inode of this machine. */
  record Identity(int major, int minor, long inode) {}

  // Read on the machine that wrote it: every machine that Java's foreign functions and DAXFS
  // share is little-endian.
  private static final StructLayout LAYOUT =
      struct(
          "statx",
          256,
          zeros(16),
          u32("stx_nlink"),
          u32("stx_uid"),
          u32("stx_gid"),
          u16("stx_mode"),
          zeros(2),
          u64("stx_ino"),
          u64("stx_size"),
          zeros(64),
          u64("stx_mtime.tv_sec"),
          u32("stx_mtime.tv_nsec"),
          zeros(4),
          u32("stx_rdev_major"),
          u32("stx_rdev_minor"),
          u32("stx_dev_major"),
          u32("stx_dev_minor"),
          zeros(112));

  private static final VarHandle NLINK = handle(LAYOUT, "stx_nlink");
  private static final VarHandle UID = handle(LAYOUT, "stx_uid");
  private static final VarHandle GID = handle(LAYOUT, "stx_gid");
  private static final VarHandle MODE = handle(LAYOUT, "stx_mode");
  private static final VarHandle INO = handle(LAYOUT, "stx_ino");
  private static final VarHandle SIZE = handle(LAYOUT, "stx_size");
  private static final VarHandle MTIME = handle(LAYOUT, "stx_mtime.tv_sec");
  private static final VarHandle MTIME_NSEC = handle(LAYOUT, "stx_mtime.tv_nsec");
  private static final VarHandle RDEV_MAJOR = handle(LAYOUT, "stx_rdev_major");
  private static final VarHandle RDEV_MINOR = handle(LAYOUT, "stx_rdev_minor");
  private static final VarHandle DEV_MAJOR = handle(LAYOUT, "stx_dev_major");
  private static final VarHandle DEV_MINOR = handle(LAYOUT, "stx_dev_minor");

  static FileStatus read(MemorySegment statx) {
    return new FileStatus(
        Short.toUnsignedInt((short) MODE.get(statx, 0L)),
        (int) NLINK.get(statx, 0L),
        (int) UID.get(statx, 0L),
        (int) GID.get(statx, 0L),
        (long) SIZE.get(statx, 0L),
        (long) MTIME.get(statx, 0L),
        (int) MTIME_NSEC.get(statx, 0L),
        (int) RDEV_MAJOR.get(statx, 0L),
        (int) RDEV_MINOR.get(statx, 0L),
        new Identity(
            (int) DEV_MAJOR.get(statx, 0L),
            (int) DEV_MINOR.get(statx, 0L),
            (long) INO.get(statx, 0L)));
  }
}

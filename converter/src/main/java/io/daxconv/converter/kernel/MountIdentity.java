package io.daxconv.converter.kernel;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;
import static io.daxconv.converter.format.Fields.zeros;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * Which mount of this machine it is, since its last boot. A mount has its identity before it is
 * attached and keeps it when it is moved.
 *
 * @param unique the id that no other mount ever gets (Linux 6.8, STATX_MNT_ID_UNIQUE); 0 on older
 *     kernels
 * @param number the id that {@code /proc/self/mountinfo} shows, which later mounts may get again
 * @param major of the filesystem's device
 * @param minor of the filesystem's device
 */
public record MountIdentity(long unique, long number, int major, int minor) {
  /** {@code struct statx} in linux/stat.h, as far as it is asked for here. */
  static final StructLayout LAYOUT =
      struct(
          "statx",
          256,
          u32("stx_mask"),
          zeros(132),
          u32("stx_dev_major"),
          u32("stx_dev_minor"),
          u64("stx_mnt_id"),
          zeros(104));

  private static final VarHandle MASK = handle(LAYOUT, "stx_mask");
  private static final VarHandle MAJOR = handle(LAYOUT, "stx_dev_major");
  private static final VarHandle MINOR = handle(LAYOUT, "stx_dev_minor");
  private static final VarHandle MNT_ID = handle(LAYOUT, "stx_mnt_id");

  private static final int STATX_MNT_ID = 0x1000;
  private static final int STATX_MNT_ID_UNIQUE = 0x4000;

  /** The mount that is uppermost at a path; a symlink at its end is not followed. */
  public static MountIdentity at(Path path) throws KernelException {
    return of(
        "statx of " + SystemCalls.shown(path),
        SystemCalls.AT_FDCWD,
        SystemCalls.bytes(path),
        SystemCalls.AT_SYMLINK_NOFOLLOW);
  }

  /** The mount that a descriptor stands for. */
  static MountIdentity of(OpenFd mount) throws KernelException {
    return of("statx of a mount", mount.number(), new byte[0], SystemCalls.AT_EMPTY_PATH);
  }

  private static MountIdentity of(String what, int directory, byte[] path, int flags)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statx = arena.allocate(LAYOUT.byteSize(), 8);
      SystemCalls.statx(what, directory, path, flags, STATX_MNT_ID_UNIQUE, statx);
      long unique =
          ((int) MASK.get(statx, 0L) & STATX_MNT_ID_UNIQUE) != 0 ? (long) MNT_ID.get(statx, 0L) : 0;
      SystemCalls.statx(what, directory, path, flags, STATX_MNT_ID, statx);
      if (((int) MASK.get(statx, 0L) & STATX_MNT_ID) == 0) {
        throw KernelException.missing(
            what + ": expected the mount's id, which Linux 5.8 and later tell, found none");
      }
      return new MountIdentity(
          unique,
          (long) MNT_ID.get(statx, 0L),
          (int) MAJOR.get(statx, 0L),
          (int) MINOR.get(statx, 0L));
    }
  }
}

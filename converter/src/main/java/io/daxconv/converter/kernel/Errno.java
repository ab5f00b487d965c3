package io.daxconv.converter.kernel;

/** The errors that mounting meets, by Linux's asm-generic/errno-base.h and errno.h. */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ENXIO = 6;
  static final int ENOTBLK = 15;
  static final int EBUSY = 16;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int ENOSYS = 38;

  private Errno() {}

  /** Its name and what it means, such as {@code EBUSY, device or resource busy}. */
  static String text(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM, operation not permitted";
      case ENOENT -> "ENOENT, no such file or directory";
      case 4 -> "EINTR, interrupted";
      case 5 -> "EIO, input/output error";
      case ENXIO -> "ENXIO, no such device or address";
      case 9 -> "EBADF, bad file descriptor";
      case 12 -> "ENOMEM, out of memory";
      case 13 -> "EACCES, permission denied";
      case ENOTBLK -> "ENOTBLK, block device required";
      case EBUSY -> "EBUSY, device or resource busy";
      case 17 -> "EEXIST, file exists";
      case 18 -> "EXDEV, on another filesystem";
      case ENODEV -> "ENODEV, no such device";
      case 20 -> "ENOTDIR, not a directory";
      case EINVAL -> "EINVAL, invalid argument";
      case 23 -> "ENFILE, too many open files in the system";
      case 24 -> "EMFILE, too many open files";
      case 25 -> "ENOTTY, not for this device";
      case 28 -> "ENOSPC, no space left, or too many mounts in this namespace";
      case 30 -> "EROFS, read-only filesystem";
      case 36 -> "ENAMETOOLONG, name too long";
      case ENOSYS -> "ENOSYS, this kernel has no such call";
      case 40 -> "ELOOP, too many symlinks";
      case 74 -> "EBADMSG, checksum or contents wrong";
      case 75 -> "EOVERFLOW, value too large";
      case 95 -> "EOPNOTSUPP, not supported";
      case 116 -> "ESTALE, a directory of another overlay";
      case 117 -> "EUCLEAN, the filesystem is corrupt";
      default -> "errno " + errno;
    };
  }
}

package io.daxconv.converter.linux;

import java.util.Map;

/** Error numbers and their names, by Linux's asm-generic/errno-base.h and errno.h. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EACCES = 13;
  public static final int ENOTBLK = 15;
  public static final int EBUSY = 16;
  static final int EEXIST = 17;
  public static final int ENODEV = 19;
  static final int EISDIR = 21;
  public static final int EINVAL = 22;
  static final int EMFILE = 24;
  public static final int ENOTTY = 25;
  static final int ENOSPC = 28;
  static final int EROFS = 30;
  static final int ERANGE = 34;
  public static final int ENOSYS = 38;
  static final int ELOOP = 40;
  static final int EOPNOTSUPP = 95;

  /** An error number's name, and what it means where daxconv meets it. */
  private record Known(String name, String meaning) {}

  private static final Map<Integer, Known> KNOWN =
      Map.ofEntries(
          Map.entry(EPERM, new Known("EPERM", "operation not permitted")),
          Map.entry(ENOENT, new Known("ENOENT", "no such file or directory")),
          Map.entry(4, new Known("EINTR", "interrupted")),
          Map.entry(5, new Known("EIO", "input/output error")),
          Map.entry(6, new Known("ENXIO", "no such device or address")),
          Map.entry(9, new Known("EBADF", "bad file descriptor")),
          Map.entry(11, new Known("EAGAIN", "try again")),
          Map.entry(12, new Known("ENOMEM", "out of memory")),
          Map.entry(EACCES, new Known("EACCES", "permission denied")),
          Map.entry(14, new Known("EFAULT", "bad address")),
          Map.entry(ENOTBLK, new Known("ENOTBLK", "block device required")),
          Map.entry(EBUSY, new Known("EBUSY", "device or resource busy")),
          Map.entry(EEXIST, new Known("EEXIST", "file exists")),
          Map.entry(18, new Known("EXDEV", "on another filesystem")),
          Map.entry(ENODEV, new Known("ENODEV", "no such device")),
          Map.entry(20, new Known("ENOTDIR", "not a directory")),
          Map.entry(EISDIR, new Known("EISDIR", "a directory")),
          Map.entry(EINVAL, new Known("EINVAL", "invalid argument")),
          Map.entry(23, new Known("ENFILE", "too many open files in the system")),
          Map.entry(EMFILE, new Known("EMFILE", "too many open files")),
          Map.entry(ENOTTY, new Known("ENOTTY", "not for this device")),
          Map.entry(27, new Known("EFBIG", "file too large")),
          Map.entry(
              ENOSPC, new Known("ENOSPC", "no space left, or too many mounts in this namespace")),
          Map.entry(EROFS, new Known("EROFS", "read-only filesystem")),
          Map.entry(31, new Known("EMLINK", "too many links")),
          Map.entry(ERANGE, new Known("ERANGE", "more than the kernel allows")),
          Map.entry(36, new Known("ENAMETOOLONG", "name too long")),
          Map.entry(ENOSYS, new Known("ENOSYS", "this kernel has no such call")),
          Map.entry(ELOOP, new Known("ELOOP", "too many symlinks")),
          Map.entry(74, new Known("EBADMSG", "checksum or contents wrong")),
          Map.entry(75, new Known("EOVERFLOW", "value too large")),
          Map.entry(EOPNOTSUPP, new Known("EOPNOTSUPP", "not supported")),
          Map.entry(116, new Known("ESTALE", "a directory of another overlay")),
          Map.entry(117, new Known("EUCLEAN", "the filesystem is corrupt")),
          Map.entry(122, new Known("EDQUOT", "disk quota exceeded")));

  private Errno() {}

  /** Its name and what it means, such as {@code EBUSY, device or resource busy}. */
  public static String text(int errno) {
    Known known = KNOWN.get(errno);
    return known == null ? "errno " + errno : known.name + ", " + known.meaning;
  }

  /** What it means, without its name. */
  static String meaning(int errno) {
    Known known = KNOWN.get(errno);
    return known == null ? "error " + errno : known.meaning;
  }
}

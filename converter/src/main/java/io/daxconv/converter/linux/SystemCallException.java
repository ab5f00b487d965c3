package io.daxconv.converter.linux;

import java.io.IOException;
import java.util.Map;

/** A system call that the kernel refused. */
public final class SystemCallException extends IOException {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ENXIO = 6;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int ENOTBLK = 15;
  public static final int EBUSY = 16;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int ENOTTY = 25;
  public static final int ENOSYS = 38;

  /** Names and meanings as errno(3) has them, of what these calls fail with. */
  private static final Map<Integer, String> MEANINGS =
      Map.ofEntries(
          Map.entry(EPERM, "EPERM, not permitted: it takes root"),
          Map.entry(ENOENT, "ENOENT, no such file"),
          Map.entry(5, "EIO, input/output error"),
          Map.entry(ENXIO, "ENXIO, no such device"),
          Map.entry(11, "EAGAIN, try again"),
          Map.entry(ENOMEM, "ENOMEM, out of memory"),
          Map.entry(EACCES, "EACCES, permission denied"),
          Map.entry(14, "EFAULT, bad address"),
          Map.entry(ENOTBLK, "ENOTBLK, it takes a block device"),
          Map.entry(EBUSY, "EBUSY, in use"),
          Map.entry(ENODEV, "ENODEV, no such device or filesystem"),
          Map.entry(20, "ENOTDIR, no directory"),
          Map.entry(21, "EISDIR, a directory"),
          Map.entry(EINVAL, "EINVAL, invalid argument"),
          Map.entry(ENOTTY, "ENOTTY, the device does not know the request"),
          Map.entry(28, "ENOSPC, no space left"),
          Map.entry(30, "EROFS, read-only"),
          Map.entry(ENOSYS, "ENOSYS, the kernel has no such call"),
          Map.entry(95, "EOPNOTSUPP, not supported"),
          Map.entry(117, "EUCLEAN, the filesystem is broken"));

  private final int errno;

  /**
   * @param call its name
   * @param errno the error number
   * @param detail what else the kernel said, or nothing
   */
  public SystemCallException(String call, int errno, String detail) {
    super(
        call
            + ": "
            + MEANINGS.getOrDefault(errno, "errno " + errno)
            + (detail.isEmpty() ? "" : " (" + detail + ")"));
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }

  /** The message without the call's name. */
  public String meaning() {
    return MEANINGS.getOrDefault(errno, "errno " + errno);
  }
}

package io.daxconv.converter.linux;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.text.Escapes;

/** Something that the operating system does not let us make. */
public final class FileCallException extends DaxconvException {
  private final int errno;

  FileCallException(String call, byte[] name, int errno) {
    super(call + " " + Escapes.escape(name) + ": " + meaning(errno));
    this.errno = errno;
  }

  /** Whether another user, or another file system, might have been allowed to. */
  public boolean isRefusal() {
    return errno == Errno.EPERM || errno == Errno.EACCES || errno == Errno.EOPNOTSUPP;
  }

  /** Whether there is something of that name already. */
  public boolean isThere() {
    return errno == Errno.EEXIST;
  }

  /** Whether there is nothing of that name. */
  public boolean isMissing() {
    return errno == Errno.ENOENT;
  }

  /** What was wrong, without what was done. */
  public String reason() {
    return meaning(errno);
  }

  /** In words of making files where those say more. */
  private static String meaning(int errno) {
    return switch (errno) {
      case Errno.EEXIST -> "something of that name is there already";
      case Errno.EISDIR -> "a directory is there";
      case Errno.EMFILE -> "too many open files: the tree is too deep";
      case Errno.ENOSPC -> "no space left on the device";
      case Errno.EROFS -> "read-only file system";
      case Errno.ELOOP -> "a symlink is in the way";
      case Errno.EOPNOTSUPP -> "not supported by the file system";
      default -> Errno.meaning(errno);
    };
  }
}

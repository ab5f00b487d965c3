package io.daxconv.converter.linux;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.text.Escapes;

/** Something that the operating system does not let us make. */
public final class FileCallException extends DaxconvException {
  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int EEXIST = 17;
  private static final int ENOTSUP = 95;

  private final int errno;

  FileCallException(String call, byte[] name, int errno) {
    super(call + " " + Escapes.escape(name) + ": " + meaning(errno));
    this.errno = errno;
  }

  /** Whether another user, or another file system, might have been allowed to. */
  public boolean isRefusal() {
    return errno == EPERM || errno == EACCES || errno == ENOTSUP;
  }

  /** Whether there is something of that name already. */
  public boolean isThere() {
    return errno == EEXIST;
  }

  /** Whether there is nothing of that name. */
  public boolean isMissing() {
    return errno == ENOENT;
  }

  /** What was wrong, without what was done. */
  public String reason() {
    return meaning(errno);
  }

  /** By Linux's asm-generic/errno-base.h and errno.h. */
  private static String meaning(int errno) {
    return switch (errno) {
      case EPERM -> "operation not permitted";
      case ENOENT -> "no such file or directory";
      case 5 -> "input/output error";
      case EACCES -> "permission denied";
      case EEXIST -> "something of that name is there already";
      case 20 -> "not a directory";
      case 21 -> "a directory is there";
      case 22 -> "invalid argument";
      case 24 -> "too many open files: the tree is too deep";
      case 27 -> "file too large";
      case 28 -> "no space left on the device";
      case 30 -> "read-only file system";
      case 31 -> "too many links";
      case 36 -> "name too long";
      case 40 -> "a symlink is in the way";
      case ENOTSUP -> "not supported by the file system";
      case 122 -> "disk quota exceeded";
      default -> "error " + errno;
    };
  }
}

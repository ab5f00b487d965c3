package io.daxconv.converter.kernel;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.linux.Errno;

/** Something that the kernel refuses, with its errno and what it says of the reason. */
public final class KernelException extends DaxconvException {
  private final int errno;

  private KernelException(String message, int errno) {
    super(message);
    this.errno = errno;
  }

  /**
   * A call that failed.
   *
   * @param what was tried, printable
   */
  static KernelException of(String what, int errno) {
    return new KernelException(what + ": " + Errno.text(errno), errno);
  }

  /** The same with what helps, or what the kernel says of it. */
  KernelException with(String more) {
    return more.isEmpty() ? this : new KernelException(getMessage() + "; " + more, errno);
  }

  /** Something that is missing here, found without a call that fails. */
  static KernelException missing(String message) {
    return new KernelException(message, 0);
  }

  int errno() {
    return errno;
  }
}

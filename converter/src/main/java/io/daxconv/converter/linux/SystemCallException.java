package io.daxconv.converter.linux;

import java.io.IOException;

/** A system call that the kernel refused. */
public final class SystemCallException extends IOException {
  private final int errno;

  /**
   * @param call its name
   * @param errno the error number
   * @param detail what else the kernel said, or nothing
   */
  public SystemCallException(String call, int errno, String detail) {
    super(call + ": " + Errno.text(errno) + (detail.isEmpty() ? "" : " (" + detail + ")"));
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }

  /** The message without the call's name. */
  public String meaning() {
    return Errno.text(errno);
  }
}

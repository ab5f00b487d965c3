package io.daxconv.converter.load;

import io.daxconv.converter.linux.Errno;
import io.daxconv.converter.linux.Kernel;
import io.daxconv.converter.linux.SystemCallException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** A device that is open, by its descriptor. */
final class Device implements Closeable {
  private final Kernel kernel;
  private final int fd;
  private boolean closed;

  /** By a descriptor that is open, which it closes. */
  Device(Kernel kernel, int fd) {
    this.kernel = kernel;
    this.fd = fd;
  }

  /** Opens a device to be read and written. */
  static Device open(LoadTarget target, Kernel kernel, Path path, int flags) throws IOException {
    try {
      return new Device(kernel, kernel.open(path, Kernel.O_RDWR | flags));
    } catch (SystemCallException e) {
      String found =
          switch (e.errno()) {
            case Errno.ENOENT -> "nothing";
            case Errno.EACCES, Errno.EPERM -> "that permission is denied: it takes root";
            case Errno.EBUSY -> "it in use";
            default -> e.meaning();
          };
      throw new LoadException(
          target, "expected to open " + path + " for writing, found " + found, e);
    }
  }

  int fd() {
    return fd;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      kernel.close(fd);
    }
  }
}

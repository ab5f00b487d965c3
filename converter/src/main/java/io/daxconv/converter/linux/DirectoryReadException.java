package io.daxconv.converter.linux;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.text.Escapes;

/** A directory tree that the operating system does not let us read. */
public final class DirectoryReadException extends DaxconvException {
  DirectoryReadException(String call, byte[] path, int errno) {
    super(call + " " + Escapes.escape(path) + ": " + meaning(errno));
  }

  private static String meaning(int errno) {
    return switch (errno) {
      case Errno.ENOENT ->
          Errno.meaning(errno) + "; the tree changed while it was read, or was never there";
      case Errno.ERANGE -> "the list of xattrs is longer than the kernel allows";
      default -> Errno.meaning(errno);
    };
  }
}

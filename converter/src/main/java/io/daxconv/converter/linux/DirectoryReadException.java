package io.daxconv.converter.linux;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.text.Escapes;

/** A directory tree that the operating system does not let us read. */
public final class DirectoryReadException extends DaxconvException {
  DirectoryReadException(String call, byte[] path, int errno) {
    super(call + " " + Escapes.escape(path) + ": " + meaning(errno));
  }

  /** The errors that reading a tree meets, by Linux's asm-generic/errno-base.h. */
  private static String meaning(int errno) {
    return switch (errno) {
      case 1 -> "operation not permitted";
      case 2 -> "no such file or directory; the tree changed while it was read, or was never there";
      case 5 -> "input/output error";
      case 13 -> "permission denied";
      case 20 -> "not a directory";
      case 24 -> "too many open files";
      case 34 -> "the list of xattrs is longer than the kernel allows";
      case 40 -> "too many symlinks";
      default -> "error " + errno;
    };
  }
}

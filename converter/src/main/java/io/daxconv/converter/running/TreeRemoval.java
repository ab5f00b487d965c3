package io.daxconv.converter.running;

import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

/** Deletes what containers or overlayfs have written; no symlink in it leads out of it. */
final class TreeRemoval {
  private TreeRemoval() {}

  /**
   * Deletes all that is in a directory.
   *
   * @throws StateException if something is mounted in it
   */
  static void empty(Path directory) throws IOException {
    String mounted = InUse.mountsFrom(directory);
    if (!mounted.isEmpty()) {
      throw new StateException(
          Escapes.quote(directory.toString())
              + ": expected nothing mounted in what is to be deleted, found "
              + mounted);
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      if (!(entries instanceof SecureDirectoryStream<Path> secure)) {
        throw new StateException(
            Escapes.quote(directory.toString()) + ": expected a filesystem of Linux");
      }
      empty(secure);
    }
  }

  private static void empty(SecureDirectoryStream<Path> directory) throws IOException {
    for (Path entry : directory) {
      Path name = entry.getFileName();
      boolean isDirectory =
          directory
              .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes()
              .isDirectory();
      if (isDirectory) {
        try (SecureDirectoryStream<Path> inner =
            directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          empty(inner);
        }
        directory.deleteDirectory(name);
      } else {
        directory.deleteFile(name);
      }
    }
  }
}

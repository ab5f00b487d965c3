package io.daxconv.converter.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code kill -9} or a crash has left of {@link UnfinishedFile}s. Whoever can lock such a file
 * may remove it: its writer is dead.
 *
 * <p>Over NFS the locks are those of the server, and hold between hosts. Where a mount keeps them
 * to itself ({@code nolock}, {@code local_lock}), another host may remove a file at work; its
 * writer then fails when it would put the file in its place, and no file is ever there in part.
 * Where there are no locks at all, nothing is removed.
 */
public final class AbandonedFiles {
  private AbandonedFiles() {}

  /**
   * Removes those that can be removed. That is a courtesy: nothing fails because of what is left.
   *
   * @param glob what their names match, as of {@link Files#newDirectoryStream(Path, String)}
   */
  public static void remove(Path directory, String glob) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
      for (Path file : files) {
        remove(file);
      }
    } catch (IOException | DirectoryIteratorException unreadable) {
      // Who may write into a directory may not always read it.
      return;
    }
  }

  private static void remove(Path file) {
    try {
      LockedFile.removeAbandoned(file);
    } catch (IOException ofSomebodyElse) {
      // Another user's, or on a file system without locks.
      return;
    }
  }
}

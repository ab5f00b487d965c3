package io.daxconv.converter.running;

import io.daxconv.converter.running.JournalEntry.Making;
import io.daxconv.converter.running.JournalEntry.Role;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes directories, each told before; those that are there already are nobody's to remove. */
final class PlanDirectory {
  /** Others do not get in: programs of the image may be set-user-ID. */
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final int PERMISSIONS = 07777;

  private final Telling journal;

  PlanDirectory(Telling journal) {
    this.journal = journal;
  }

  /**
   * Makes a directory, and those above it.
   *
   * @param container of which it is, or null for the plan's
   * @return false if it was there, with something in it
   */
  boolean make(Path directory, Role role, @Nullable String container) throws IOException {
    if (Files.isDirectory(directory)) {
      return isEmpty(directory);
    }
    Path parent = directory.getParent();
    if (parent != null) {
      make(parent, Role.PLACE, container);
    }
    journal.tell(new Making(directory, role, container));
    try {
      Files.createDirectory(directory, PRIVATE);
    } catch (FileAlreadyExistsException e) {
      // Somebody else's, made just now, or no directory.
      journal.tell(new JournalEntry.Removed(directory));
      throw e;
    }
    return true;
  }

  static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }

  /** Gives an upper directory the base's owner and mode. */
  static void likeBase(Path base, Path upper) throws IOException {
    for (String attribute : new String[] {"unix:uid", "unix:gid"}) {
      Files.setAttribute(
          upper, attribute, Objects.requireNonNull(Files.getAttribute(base, attribute)));
    }
    // Last, for a change of owner takes set-user-ID bits away.
    int mode = (int) Objects.requireNonNull(Files.getAttribute(base, "unix:mode"));
    Files.setAttribute(upper, "unix:mode", mode & PERMISSIONS);
  }
}

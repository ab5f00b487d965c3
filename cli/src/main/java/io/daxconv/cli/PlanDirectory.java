package io.daxconv.cli;

import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.format.PlanFile;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Files of a mount plan, in a directory that appears with all of them. */
final class PlanDirectory {
  private PlanDirectory() {}

  /**
   * Writes the files.
   *
   * @param directory new or empty
   * @throws MountPlanException if something is in it already
   */
  static void write(Path directory, List<PlanFile> files) throws IOException {
    Path target = directory.toAbsolutePath().normalize();
    Path parent = target.getParent();
    if (parent == null || !isFree(target)) {
      throw new MountPlanException(
          "output: expected a directory that is new or empty, found "
              + Escapes.quote(directory.toString()));
    }
    Files.createDirectories(parent);
    Path unfinished = Files.createTempDirectory(parent, ".daxconv-");
    try {
      for (PlanFile file : files) {
        Path path = unfinished.resolve(file.path());
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.writeString(path, file.text());
      }
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      remove(unfinished);
    }
  }

  private static boolean isFree(Path target) throws IOException {
    if (Files.notExists(target)) {
      return true;
    }
    if (!Files.isDirectory(target)) {
      return false;
    }
    try (Stream<Path> inside = Files.list(target)) {
      return inside.findAny().isEmpty();
    }
  }

  private static void remove(Path unfinished) throws IOException {
    if (Files.notExists(unfinished)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(unfinished)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

package io.daxconv.converter.mount;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command of a mount plan, run as root.
 *
 * @param purpose stable, for programs; docs/mount-spec.md lists them
 * @param directory where it runs, or null for anywhere
 * @param argv the program and its arguments, nothing of it for a shell to read
 */
record MountStep(String purpose, @Nullable Path directory, List<String> argv) {
  MountStep {
    argv = List.copyOf(argv);
  }

  static MountStep anywhere(String purpose, String... argv) {
    return new MountStep(purpose, null, List.of(argv));
  }

  static MountStep in(Path directory, String purpose, String... argv) {
    return new MountStep(purpose, directory, List.of(argv));
  }
}

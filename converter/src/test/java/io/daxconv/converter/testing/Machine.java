package io.daxconv.converter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What tests may find on a machine.
 *
 * @param programDirectories where programs are, first match first
 * @param root whether the user is root
 * @param filesystems those of the kernel
 */
record Machine(List<Path> programDirectories, boolean root, List<String> filesystems) {
  static final Machine THIS = detect();

  Machine {
    programDirectories = List.copyOf(programDirectories);
    filesystems = List.copyOf(filesystems);
  }

  private static Machine detect() {
    // Daemons and mkfs are in directories that not everybody's path has.
    Stream<String> path =
        Stream.concat(
            Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":")),
            Stream.of("/usr/sbin", "/sbin"));
    return new Machine(
        path.filter(directory -> directory.startsWith("/")).distinct().map(Path::of).toList(),
        isRoot(),
        filesystems(Path.of("/proc/filesystems")));
  }

  /** What is not here, in words; empty if nothing is missing. */
  List<String> missing(RequiresTools requires) {
    List<String> missing = new ArrayList<>();
    if (requires.root() && !root) {
      missing.add("root");
    }
    for (String tool : requires.value()) {
      if (programDirectories.stream().noneMatch(d -> Files.isExecutable(d.resolve(tool)))) {
        missing.add(tool);
      }
    }
    for (String filesystem : requires.filesystems()) {
      if (!filesystems.contains(filesystem)) {
        missing.add("the filesystem " + filesystem);
      }
    }
    return missing;
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
          && uid == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> filesystems(Path list) {
    try {
      // A line is "nodev\tNAME" or "\tNAME".
      return Files.readAllLines(list).stream()
          .map(line -> line.substring(line.indexOf('\t') + 1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

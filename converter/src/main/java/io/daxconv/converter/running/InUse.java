package io.daxconv.converter.running;

import io.daxconv.converter.kernel.MountTable;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Why a mount cannot be unmounted, as far as it can be seen from here. */
final class InUse {
  private static final Path PROC = Path.of("/proc");
  private static final int MOST_SHOWN = 3;

  private InUse() {}

  /** What is mounted below, or who works there; empty if neither is found. */
  static String of(Path directory, MountTable table) throws IOException {
    List<MountTable.Entry> below =
        table.from(directory.toRealPath()).stream()
            .filter(entry -> !entry.mountPoint().equals(directory.toString()))
            .toList();
    if (!below.isEmpty()) {
      return "; mounted in it: " + shown(below);
    }
    List<String> processes = processes(directory.toRealPath().toString());
    return processes.isEmpty() ? "" : "; used by " + String.join(", ", processes);
  }

  /** What is mounted at a directory or below; empty if nothing is. */
  static String mountsFrom(Path directory) throws IOException {
    return shown(MountTable.read().from(directory.toRealPath()));
  }

  private static String shown(List<MountTable.Entry> entries) {
    return entries.stream()
            .limit(MOST_SHOWN)
            .map(
                entry ->
                    Sighting.Observer.shown(entry) + " at " + Escapes.quote(entry.mountPoint()))
            .collect(Collectors.joining(", "))
        + (entries.size() > MOST_SHOWN ? ", and more" : "");
  }

  private static List<String> processes(String directory) throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : all) {
        if (found.size() < MOST_SHOWN && uses(process, directory)) {
          found.add("process " + process.getFileName() + name(process));
        }
      }
    }
    return found;
  }

  private static boolean uses(Path process, String directory) {
    List<Path> links = new ArrayList<>();
    for (String link : new String[] {"cwd", "root", "exe"}) {
      links.add(process.resolve(link));
    }
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      open.forEach(links::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException ended) {
      return false;
    }
    return links.stream().anyMatch(link -> leadsInto(link, directory));
  }

  private static boolean leadsInto(Path link, String directory) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.equals(directory) || target.startsWith(directory + "/");
    } catch (IOException ended) {
      return false;
    }
  }

  private static String name(Path process) {
    try {
      return " " + Escapes.quote(Files.readString(process.resolve("comm")).strip());
    } catch (IOException ended) {
      return "";
    }
  }
}

package io.daxconv.cli.it.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A kernel of Debian's, unpacked.
 *
 * @param image what QEMU boots
 * @param modules the directory with the modules of that version
 */
public record GuestKernel(Path image, Path modules) {
  /** Those of Debian 12 and 13 with DMA heaps and file-backed EROFS first; small, for clouds. */
  private static final List<String> PACKAGES =
      List.of("linux-image-6.12-cloud-amd64", "linux-image-cloud-amd64");

  private static final Pattern DEPENDS =
      Pattern.compile("^ +Depends: (linux-image-[0-9]\\S+)$", Pattern.MULTILINE);

  /** What a module says of itself: {@code depends=}, names with commas, NUL (kernel/module). */
  private static final String DEPENDENCIES = "\0depends=";

  /** The version in use. */
  public String release() {
    return modules.getFileName().toString();
  }

  /**
   * Finds the kernel below a directory, or downloads it there.
   *
   * @throws IOException if the package cannot be had
   */
  public static GuestKernel in(Path directory) throws IOException, InterruptedException {
    Path unpacked = directory.resolve("kernel");
    if (!Files.isDirectory(unpacked)) {
      Files.createDirectories(directory);
      Path unfinished = Files.createTempDirectory(directory, "kernel-");
      String deb = download(unfinished);
      Command.run(unfinished, "dpkg", "-x", deb, "root");
      Files.delete(unfinished.resolve(deb));
      Files.move(unfinished.resolve("root"), unpacked);
      Files.delete(unfinished);
    }
    return new GuestKernel(
        only(unpacked.resolve("boot"), "vmlinuz-"), only(unpacked.resolve("lib/modules"), ""));
  }

  private static String download(Path into) throws IOException, InterruptedException {
    Optional<String> name = newest(into);
    if (name.isEmpty()) {
      Command.run(into, "apt-get", "update", "-qq");
      name = newest(into);
    }
    String known =
        name.orElseThrow(() -> new IOException("apt-cache knows none of the packages " + PACKAGES));
    Command.run(into, "apt-get", "-o", "APT::Sandbox::User=root", "download", known);
    return only(into, known).getFileName().toString();
  }

  private static Optional<String> newest(Path directory) throws InterruptedException {
    for (String meta : PACKAGES) {
      Matcher matcher = DEPENDS.matcher(dependencies(directory, meta));
      if (matcher.find()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  private static String dependencies(Path directory, String meta) throws InterruptedException {
    try {
      return Command.run(directory, "apt-cache", "depends", "--important", meta);
    } catch (IOException unknown) {
      return "";
    }
  }

  private static Path only(Path directory, String prefix) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow(() -> new IOException(directory + ": nothing that begins with " + prefix));
    }
  }

  /**
   * Modules ready to be loaded, those that others depend on first.
   *
   * @param names with underscores, as lsmod has them
   * @return their bytes by their names
   */
  Map<String, byte[]> load(Path scratch, List<String> names)
      throws IOException, InterruptedException {
    Map<String, byte[]> found = new LinkedHashMap<>();
    for (String name : names) {
      load(scratch, name, found);
    }
    return found;
  }

  private void load(Path scratch, String name, Map<String, byte[]> found)
      throws IOException, InterruptedException {
    if (found.containsKey(name)) {
      return;
    }
    byte[] module = read(scratch, find(name));
    String text = new String(module, StandardCharsets.ISO_8859_1);
    int at = text.indexOf(DEPENDENCIES);
    if (at >= 0) {
      int from = at + DEPENDENCIES.length();
      for (String needed : text.substring(from, text.indexOf('\0', from)).split(",", -1)) {
        if (!needed.isEmpty()) {
          load(scratch, needed.replace('-', '_'), found);
        }
      }
    }
    found.put(name, module);
  }

  private Path find(String name) throws IOException {
    try (Stream<Path> files = Files.walk(modules)) {
      return files
          .filter(
              file ->
                  file.getFileName()
                      .toString()
                      .replace('-', '_')
                      .matches(Pattern.quote(name) + "\\.ko(\\.xz)?"))
          .findFirst()
          .orElseThrow(() -> new IOException(modules + ": no module " + name));
    }
  }

  private static byte[] read(Path scratch, Path file) throws IOException, InterruptedException {
    if (!file.toString().endsWith(".xz")) {
      return Files.readAllBytes(file);
    }
    Path copy = Files.copy(file, scratch.resolve(file.getFileName()));
    Command.run(scratch, "xz", "-d", copy.toString());
    Path module = scratch.resolve(file.getFileName().toString().replace(".xz", ""));
    byte[] bytes = Files.readAllBytes(module);
    Files.delete(module);
    return bytes;
  }
}

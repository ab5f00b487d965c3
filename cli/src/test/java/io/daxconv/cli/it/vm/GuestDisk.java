package io.daxconv.cli.it.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Filesystems for a guest, as ext4 images that mke2fs makes of directories. */
final class GuestDisk {
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  /** Classes that only the tests' own runner needs, and that make a disk large. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(".*(junit|assertj|jazzer|byte-buddy|opentest4j|apiguardian).*");

  private final Path root;
  private final List<String> classPath = new ArrayList<>();

  /** An empty one. */
  GuestDisk(Path root) throws IOException {
    this.root = root;
    for (String directory : List.of("dev", "proc", "sys", "tmp", "run", "mnt", "jdk", "app")) {
      Files.createDirectories(root.resolve(directory));
    }
  }

  /** The image of the JDK that runs this, made once. */
  static Path ofJdk(Path directory) throws IOException, InterruptedException {
    Path jdk = Path.of(System.getProperty("java.home"));
    Path image = directory.resolve("jdk-" + Runtime.version() + ".img");
    if (!Files.exists(image)) {
      Path unfinished = directory.resolve(image.getFileName() + ".new");
      make(jdk, unfinished, 480);
      Files.move(unfinished, image, StandardCopyOption.ATOMIC_MOVE);
    }
    return image;
  }

  private static void make(Path directory, Path image, int mebibytes)
      throws IOException, InterruptedException {
    Files.deleteIfExists(image);
    Command.run(
        Path.of("/"),
        "mke2fs",
        "-q",
        "-t",
        "ext4",
        "-O",
        "^has_journal",
        "-d",
        directory.toString(),
        image.toString(),
        mebibytes + "M");
  }

  /** A file of the host, in its place or another. */
  GuestDisk file(Path from, String to) throws IOException {
    Path copy = root.resolve(to);
    Files.createDirectories(copy.getParent());
    Files.copy(from, copy, StandardCopyOption.REPLACE_EXISTING);
    return this;
  }

  /** A directory of the host with all that is below. */
  GuestDisk directory(Path from, String to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path copy = root.resolve(to).resolve(from.relativize(path).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return this;
  }

  /** A program of the host with the libraries that it is linked with (ldd). */
  GuestDisk program(String path) throws IOException, InterruptedException {
    file(Path.of(path), path.substring(1));
    TreeSet<String> libraries = new TreeSet<>();
    Matcher matcher = LIBRARY.matcher(Command.run(Path.of("/"), "ldd", path));
    while (matcher.find()) {
      libraries.add(matcher.group(1));
    }
    for (String library : libraries) {
      file(Path.of(library).toRealPath(), library.substring(1));
    }
    return this;
  }

  /** The libraries that a JVM loads as it goes, beside those that it is linked with. */
  GuestDisk javaLibraries() throws IOException, InterruptedException {
    Path jdk = Path.of(System.getProperty("java.home"));
    for (String library : List.of("bin/java", "lib/server/libjvm.so", "lib/libnio.so")) {
      Matcher matcher =
          LIBRARY.matcher(Command.run(Path.of("/"), "ldd", jdk.resolve(library).toString()));
      while (matcher.find()) {
        if (!matcher.group(1).startsWith(jdk.toString())) {
          file(Path.of(matcher.group(1)).toRealPath(), matcher.group(1).substring(1));
        }
      }
    }
    return this;
  }

  /** The class path that this runs with. */
  GuestDisk classPath() throws IOException {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : all.split(":", -1)) {
      Path path = Path.of(entry);
      if (entry.isEmpty()
          || !Files.exists(path)
          || LEFT_OUT.matcher(path.getFileName().toString()).matches()) {
        continue;
      }
      String to = "app/" + classPath.size() + "-" + path.getFileName();
      if (Files.isDirectory(path)) {
        directory(path, to);
      } else {
        file(path, to);
      }
      classPath.add("/" + to);
    }
    return this;
  }

  /** What {@code java -cp} takes in the guest. */
  String guestClassPath() {
    return String.join(":", classPath);
  }

  /** The directory that the image is made of. */
  Path root() {
    return root;
  }

  /** Makes the image. */
  Path make(Path image, int mebibytes) throws IOException, InterruptedException {
    make(root, image, mebibytes);
    return image;
  }
}

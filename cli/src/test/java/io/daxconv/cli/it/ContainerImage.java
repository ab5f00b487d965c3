package io.daxconv.cli.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A small image that runs: busybox, and a program that says what it sees, and then writes, deletes
 * and renames. As it is, and with a user of its own.
 *
 * @param directory holds both as DAXFS files
 */
record ContainerImage(Path directory) {
  /** What a container sees that no other has written to. */
  static final String PRISTINE = "file=base; dir/inside=base; gone=here";

  /** What it sees of its own writes. */
  static final String WRITTEN = "file=new; renamed/inside=base; gone=";

  /** An environment variable of the image; special to one format or another. */
  static final String TEXT = "it's 50% \"$HOME\" \\n `id` é";

  /** Makes the images in a directory of its own. */
  static ContainerImage make(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path script = directory.resolve("make-container-image.sh");
    try (InputStream in = ContainerImage.class.getResourceAsStream("make-container-image.sh")) {
      Files.copy(Objects.requireNonNull(in), script);
    }
    Tool.run(directory, "sh", script.toString(), TEXT);
    for (String tag : new String[] {"root", "user"}) {
      Daxconv.run(
              directory.resolve("home"),
              "convert",
              "oci:" + directory.resolve("layout") + ":" + tag,
              "-o",
              directory.resolve(tag + ".daxfs").toString())
          .output();
    }
    return new ContainerImage(directory);
  }

  /** Runs as root. */
  Path root() {
    return directory.resolve("root.daxfs");
  }

  /** Runs as {@code web}, in the group {@code www} and in {@code video} besides. */
  Path user() {
    return directory.resolve("user.daxfs");
  }

  /** What the container of {@link #user} says of its process. */
  static String process() {
    return "33:34 34 44 /srv/a b " + TEXT;
  }
}

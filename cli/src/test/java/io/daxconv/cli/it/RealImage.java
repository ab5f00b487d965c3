package io.daxconv.cli.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * An image of files of Debian packages, made by umoci: four layers with whiteouts, an opaque
 * directory, hard links, devices, xattrs, set-user-ID files and names that are not text.
 *
 * @param directory holds the OCI layout and what it unpacks to
 */
record RealImage(Path directory) {
  /** The layout's only tag. */
  static final String TAG = "debian";

  /** Makes the image in a directory of its own. */
  static RealImage make(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path script = directory.resolve("make-image.sh");
    try (InputStream in = RealImage.class.getResourceAsStream("make-image.sh")) {
      Files.copy(Objects.requireNonNull(in), script);
    }
    Tool.run(directory, "sh", script.toString());
    return new RealImage(directory);
  }

  /** The OCI layout, as skopeo and daxconv write it. */
  String reference() {
    return "oci:" + directory.resolve("layout") + ":" + TAG;
  }

  /** What umoci makes of it. */
  Path rootfs() {
    return directory.resolve("bundle/rootfs");
  }
}

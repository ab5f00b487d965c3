package io.daxconv.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Podman's images, in a storage of the test's own. */
final class PodmanStorage {
  private final Path directory;

  private PodmanStorage(Path directory) {
    this.directory = directory;
  }

  static PodmanStorage create(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("storage.conf"),
        """
        [storage]
        driver = "overlay"
        graphroot = "%1$s/root"
        runroot = "%1$s/run"
        """
            .formatted(directory));
    Files.writeString(
        directory.resolve("policy.json"), "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}");
    return new PodmanStorage(directory);
  }

  private Tool.Outcome podman(String... arguments) throws IOException, InterruptedException {
    String[] argv = new String[arguments.length + 5];
    argv[0] = "env";
    argv[1] = "CONTAINERS_STORAGE_CONF=" + directory.resolve("storage.conf");
    argv[2] = "podman";
    argv[3] = "--cgroup-manager";
    argv[4] = "cgroupfs";
    System.arraycopy(arguments, 0, argv, 5, arguments.length);
    return Tool.outcome(directory, argv);
  }

  /**
   * Unpacks a layout's image.
   *
   * @return the image's id, or what Podman says if it refuses
   */
  Tool.Outcome unpack(Path layout) throws IOException, InterruptedException {
    Tool.Outcome outcome =
        podman(
            "pull",
            "--quiet",
            "--signature-policy",
            directory.resolve("policy.json").toString(),
            "oci:" + layout + ":latest");
    return new Tool.Outcome(outcome.exit(), lastLine(outcome.output()));
  }

  /** Mounts what was unpacked, as a container would have it, and says where. */
  Path mount(String id) throws IOException, InterruptedException {
    Tool.Outcome outcome = podman("image", "mount", id);
    if (outcome.exit() != 0) {
      throw new IOException("podman image mount: " + outcome.output());
    }
    return Path.of(lastLine(outcome.output()));
  }

  void unmount(String id) throws IOException, InterruptedException {
    Tool.Outcome outcome = podman("image", "unmount", "--force", id);
    if (outcome.exit() != 0) {
      throw new IOException("podman image unmount: " + outcome.output());
    }
  }

  /** Warnings come first. */
  private static String lastLine(String output) {
    return output.strip().lines().reduce("", (first, second) -> second).strip();
  }

  /** Takes away the mount with which the driver keeps its directory to itself. */
  void release() throws IOException, InterruptedException {
    Path overlay = directory.resolve("root/overlay");
    if (Tool.outcome(directory, "mountpoint", "-q", overlay.toString()).exit() == 0) {
      Tool.run(directory, "umount", overlay.toString());
    }
  }
}

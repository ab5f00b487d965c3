package io.daxconv.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** containerd with a configuration, a socket and storage of its own. */
final class Containerd implements AutoCloseable {
  private static final long START_SECONDS = 30;
  private static final long STOP_SECONDS = 10;

  private final Path directory;
  private final Process process;

  private Containerd(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  /** Starts one that keeps its files in this directory, and waits until it answers. */
  static Containerd start(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path config =
        Files.writeString(
            directory.resolve("config.toml"),
            """
            version = 2
            root = "%1$s/root"
            state = "%1$s/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.devmapper",
              "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
              "io.containerd.snapshotter.v1.aufs"]
            [grpc]
              address = "%1$s/grpc.sock"
            [ttrpc]
              address = "%1$s/ttrpc.sock"
            """
                .formatted(directory));
    Path log = directory.resolve("containerd.log");
    Process process =
        new ProcessBuilder("containerd", "--config", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Containerd containerd = new Containerd(directory, process);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (containerd.ctr("version").exit() != 0) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        containerd.close();
        throw new IOException("containerd did not start: " + Files.readString(log));
      }
      Thread.sleep(50);
    }
    return containerd;
  }

  private Tool.Outcome ctr(String... arguments) throws IOException, InterruptedException {
    String[] argv = new String[arguments.length + 3];
    argv[0] = "ctr";
    argv[1] = "--address";
    argv[2] = directory.resolve("grpc.sock").toString();
    System.arraycopy(arguments, 0, argv, 3, arguments.length);
    return Tool.outcome(directory, argv);
  }

  /**
   * Unpacks a layout's image.
   *
   * @param name a plain one, which no other image has
   * @return what it says if it refuses; empty if it does not
   */
  String unpack(Path layout, String name) throws IOException, InterruptedException {
    Path archive = directory.resolve(name + ".tar");
    Tool.run(layout, "tar", "-cf", archive.toString(), ".");
    Tool.Outcome outcome =
        ctr("images", "import", "--base-name", "test/" + name, archive.toString());
    return outcome.exit() == 0 ? "" : outcome.output();
  }

  /** Mounts what was unpacked, as a container would have it. */
  void mount(String name, Path target) throws IOException, InterruptedException {
    Files.createDirectory(target);
    Tool.Outcome outcome = ctr("images", "mount", "test/" + name + ":latest", target.toString());
    if (outcome.exit() != 0) {
      throw new IOException("ctr images mount: " + outcome.output());
    }
  }

  void unmount(Path target) throws IOException, InterruptedException {
    Tool.Outcome outcome = ctr("images", "unmount", "--rm", target.toString());
    if (outcome.exit() != 0) {
      throw new IOException("ctr images unmount: " + outcome.output());
    }
    Files.delete(target);
  }

  @Override
  public void close() {
    process.destroy();
    process
        .onExit()
        .orTimeout(STOP_SECONDS, TimeUnit.SECONDS)
        .exceptionally(_ -> process.destroyForcibly())
        .join();
  }
}

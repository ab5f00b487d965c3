package io.daxconv.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the build runs to make the AOT cache (JEP 483): the classes that these command lines load
 * start fast from then on. Of networks only the loopback interface is used.
 */
final class Training {
  private final Path directory;
  private final PrintStream out = new PrintStream(OutputStream.nullOutputStream());

  private Training(Path directory) {
    this.directory = directory;
  }

  /**
   * Runs the command lines.
   *
   * @param args an OCI layout, the same as an archive, and an empty directory to work in
   */
  public static void main(String[] args) throws IOException {
    Terminal.onStandardError(System.getenv());
    StandardOutput.open().flush();
    Training training = new Training(Path.of(args[2]));
    training.convert("oci:" + args[0]);
    training.convert("oci-archive:" + args[1]);
    training.pull(Path.of(args[0]));
    training.look();
    training.fail();
    System.exit(0);
  }

  private void convert(String image) throws IOException {
    String file = file();
    run(Main.DONE, "pull-and-convert", image, "-o", file);
    run(Main.DONE, "verify", file, "--against", image);
    Files.delete(Path.of(file));
    run(Main.DONE, "convert", image, "-o", file, "--json", "--quiet");
  }

  /** Not where nothing can be listened to: a program that starts slowly from registries is one. */
  private void pull(Path layout) {
    try (TrainingRegistry registry = new TrainingRegistry(layout)) {
      for (String cache : List.of("--cache-dir=" + directory.resolve("cache"), "--no-cache")) {
        run(Main.DONE, "convert", registry.reference(), "-o", file(), cache);
      }
    } catch (IOException e) {
      System.err.println("without a registry: " + e.getMessage());
    }
  }

  private void look() {
    String file = file();
    run(Main.DONE, "verify", file);
    for (String listing : List.of("--left-out", "--tree", "--full", "--json")) {
      run(Main.DONE, "inspect", file, listing);
    }
    run(Main.DONE, "inspect", file);
    run(Main.DONE, "mount-spec", file, "--containers", "2");
    run(Main.DONE, "mount-spec", file, "--containers", "2", "--format", "json");
    run(Main.DONE, "--version");
    run(Main.DONE, "--help");
    run(Main.DONE, "pull-and-convert", "--help");
  }

  private void fail() {
    run(Main.MISUSE, "no-such-command");
    run(Main.MISUSE, "verify", directory.resolve("missing").toString());
    run(Main.FAILED, "convert", "oci:" + directory.resolve("missing"), "-o", file());
  }

  private String file() {
    return directory.resolve("image.daxfs").toString();
  }

  private void run(int expected, String... args) {
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    int exit =
        Main.run(
            out, err, InputStream.nullInputStream(), Map.of("HOME", directory.toString()), args);
    if (exit != expected) {
      throw new IllegalStateException(
          "%s: expected exit code %d, found %d".formatted(List.of(args), expected, exit));
    }
  }
}

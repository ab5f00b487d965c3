package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full or cannot be written: one line says which file and what to do. */
@RequiresTools(
    value = {"mount", "umount"},
    root = true,
    filesystems = "tmpfs")
final class FaultDiskTest {
  @TempDir private static Path shared;
  private static FaultImage image;

  @TempDir private Path directory;
  private Path home;
  private Path small;

  @BeforeAll
  static void makeImage() throws IOException {
    image = FaultImage.make(shared);
  }

  @BeforeEach
  void mount() throws Exception {
    home = directory.resolve("home");
    small = Files.createDirectory(directory.resolve("small"));
    Tool.run(directory, "mount", "-t", "tmpfs", "-o", "size=4m", "daxconv-test", small.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    Tool.run(directory, "umount", small.toString());
  }

  @Test
  void aFullDiskIsNamedAndNothingIsLeftOnIt() throws IOException {
    Path output = small.resolve("image.daxfs");

    Daxconv run = Daxconv.run(home, "convert", "-q", image.reference(), "-o", output.toString());

    assertThat(run.exit()).isOne();
    assertThat(run.err())
        .isEqualTo(
            "daxconv: "
                + output
                + ": No space left on device: make room there, or choose another place\n");
    assertThat(FaultImage.names(small)).isEmpty();
  }

  @Test
  void whatStoodThereBeforeStays() throws IOException {
    Path output = Files.writeString(small.resolve("image.daxfs"), "before");

    Daxconv run = Daxconv.run(home, "convert", "-q", image.reference(), "-o", output.toString());

    assertThat(run.exit()).isOne();
    assertThat(output).hasContent("before");
    assertThat(FaultImage.names(small)).containsExactly("image.daxfs");
  }

  @Test
  void onAFullDiskTheCacheKeepsNoOtherBlobThatIsNotWhole() throws IOException {
    Path output = directory.resolve("image.daxfs");
    try (FaultRegistry registry = new FaultRegistry(image)) {
      registry.stall(true);
      Daxconv run =
          Daxconv.run(
              home,
              "convert",
              "-q",
              "--plain-http",
              registry.reference(),
              "-o",
              output.toString(),
              "--cache-dir",
              small.toString());

      assertThat(run.exit()).isOne();
      assertThat(run.err()).contains("No space left on device");
    }
    assertThat(FaultImage.cached(small)).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void aCacheOnAFullDiskIsNamedAndNothingOfTheBlobIsLeft() throws IOException {
    Path output = directory.resolve("image.daxfs");
    try (FaultRegistry registry = new FaultRegistry(image)) {
      Daxconv run =
          Daxconv.run(
              home,
              "convert",
              "-q",
              "--plain-http",
              registry.reference(),
              "-o",
              output.toString(),
              "--cache-dir",
              small.toString());

      assertThat(run.exit()).isOne();
      assertThat(run.err())
          .matches(
              "daxconv: layer [123] of 3 \\(sha256:[0-9a-f]{12}\\), \\Q"
                  + registry.url(image.layers().getFirst()).replaceAll("[^/]*$", "")
                  + "\\Esha256:[0-9a-f]{64}: blob cache, "
                  + small
                  + "/blobs/sha256/[0-9a-f]{64}: No space left on device: make room there, or"
                  + " choose another directory with --cache-dir\n");
    }
    assertThat(FaultImage.cached(small)).noneMatch(name -> name.endsWith(".part"));
    assertThat(output).doesNotExist();
    assertThat(FaultImage.names(directory)).noneMatch(name -> name.endsWith(".tmp"));
  }

  @Test
  void aReadOnlyDirectoryIsNamed() throws Exception {
    Tool.run(directory, "mount", "-o", "remount,ro", small.toString());
    Path output = small.resolve("image.daxfs");

    Daxconv run = Daxconv.run(home, "convert", "-q", image.reference(), "-o", output.toString());

    assertThat(run.exit()).isOne();
    assertThat(run.err())
        .isEqualTo(
            ("daxconv: %s: expected a directory that can be written to,"
                    + " found %s: Read-only file system\n")
                .formatted(output, small));
  }
}

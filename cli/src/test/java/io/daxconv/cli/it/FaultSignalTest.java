package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and its like: nothing is left, and the exit code tells. */
@RequiresTools("env")
final class FaultSignalTest {
  @TempDir private static Path shared;
  private static FaultImage image;

  @TempDir private Path directory;
  private Path outputs;

  @BeforeAll
  static void makeImage() throws IOException {
    image = FaultImage.make(shared);
  }

  @BeforeEach
  void makeDirectory() throws IOException {
    outputs = Files.createDirectory(directory.resolve("outputs"));
  }

  private FaultProcess start(String source) throws IOException {
    return FaultProcess.start(
        directory.resolve("home"),
        "convert",
        "--plain-http",
        source,
        "-o",
        outputs.resolve("image.daxfs").toString(),
        "--cache-dir",
        directory.resolve("cache").toString());
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void leavesOfADownloadOnlyWhatTheNextRunGoesOnWith(String signal, int exit) throws Exception {
    try (FaultRegistry registry = new FaultRegistry(image)) {
      registry.stall(true);
      try (FaultProcess program = start(registry.reference())) {
        program.await(
            () ->
                !FaultImage.names(outputs).isEmpty()
                    && FaultImage.cached(directory.resolve("cache")).stream()
                        .anyMatch(name -> name.endsWith(".part")));
        program.signal(signal);

        assertThat(program.exit()).isEqualTo(exit);
        assertThat(program.err()).doesNotContain("daxconv:", "Exception");
      }
    }
    assertThat(FaultImage.names(outputs)).isEmpty();
    assertThat(FaultImage.cached(directory.resolve("cache")))
        .allMatch(name -> name.matches("[0-9a-f]{64}(\\.part)?"));
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void leavesNothingOfAConversion(String signal, int exit) throws Exception {
    byte[] tar = Files.readAllBytes(image.blob(image.layers().getFirst()));
    try (FaultProcess program = start("tar:-");
        OutputStream in = program.standardInput()) {
      in.write(tar, 0, tar.length / 2);
      in.flush();
      program.await(
          () -> {
            for (String name : FaultImage.names(outputs)) {
              return Files.size(outputs.resolve(name)) > FaultImage.LAYER_BYTES / 4;
            }
            return false;
          });
      program.signal(signal);

      assertThat(program.exit()).isEqualTo(exit);
      assertThat(program.err()).doesNotContain("daxconv:", "Exception");
    }
    assertThat(FaultImage.names(outputs)).isEmpty();
  }
}

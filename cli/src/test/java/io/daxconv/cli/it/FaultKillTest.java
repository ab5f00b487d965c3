package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code kill -9} leaves: a whole output or none, and nothing that the next run trips over.
 */
@RequiresTools("env")
final class FaultKillTest {
  private static final int KILLS = 16;

  @TempDir private static Path shared;
  private static FaultImage image;
  private static FaultRegistry registry;

  @TempDir private Path directory;
  private Path cache;
  private Path home;
  private Path outputs;
  private Path output;

  @BeforeAll
  static void makeImage() throws IOException {
    image = FaultImage.make(shared);
    registry = new FaultRegistry(image);
  }

  @AfterAll
  static void stop() throws IOException {
    registry.close();
  }

  @BeforeEach
  void makeDirectories() throws IOException {
    cache = directory.resolve("cache");
    home = directory.resolve("home");
    outputs = Files.createDirectory(directory.resolve("outputs"));
    output = outputs.resolve("image.daxfs");
    registry.stall(false);
  }

  private String[] command(String source) {
    return new String[] {
      "convert",
      "-q",
      "--plain-http",
      source,
      "-o",
      output.toString(),
      "--cache-dir",
      cache.toString()
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"a layout", "a registry"})
  void isWholeOrAbsentWheneverItIsKilled(String kind) throws Exception {
    String source = kind.equals("a layout") ? image.reference() : registry.reference();
    long length = lengthOfARun(source);
    int absent = 0;
    for (int i = 0; i < KILLS; i++) {
      Files.deleteIfExists(output);
      Tool.run(directory, "rm", "-rf", cache.toString());
      try (FaultProcess program = FaultProcess.start(home, command(source))) {
        program.killAfter(Duration.ofNanos(length * i / (KILLS - 1)));
      }

      absent += image.isWhole(output) ? 0 : 1;
      assertThat(FaultImage.names(outputs))
          .allMatch(name -> name.matches("image\\.daxfs|\\.daxconv-[0-9a-f]{16}\\.tmp"));
      assertHealed(source);
    }
    // The first is killed at once.
    assertThat(absent).isPositive();
  }

  private long lengthOfARun(String source) throws Exception {
    long begun = System.nanoTime();
    try (FaultProcess program = FaultProcess.start(home, command(source))) {
      assertThat(program.exit()).as(program.err()).isZero();
    }
    assertThat(image.isWhole(output)).isTrue();
    return System.nanoTime() - begun;
  }

  private void assertHealed(String source) throws IOException {
    Daxconv.run(home, command(source)).output();
    assertThat(image.isWhole(output)).isTrue();
    assertThat(FaultImage.names(outputs)).containsExactly("image.daxfs");
    assertThat(FaultImage.cached(cache)).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void onlyWhatADeadProgramHasLeftIsRemoved() throws Exception {
    registry.stall(true);
    Files.writeString(outputs.resolve(".daxconv-notes"), "the user's");
    try (FaultProcess program = FaultProcess.start(home, command(registry.reference()))) {
      program.await(() -> isAtWork());

      Path other = outputs.resolve("other.daxfs");
      Daxconv.run(home, "convert", "-q", image.reference(), "-o", other.toString()).output();
      assertThat(isAtWork()).as("left alone by another run").isTrue();

      program.killAfter(Duration.ZERO);
    }
    assertThat(isAtWork()).as("left by the kill").isTrue();

    registry.stall(false);
    Daxconv.run(home, command(registry.reference())).output();
    assertThat(image.isWhole(output)).isTrue();
    assertThat(FaultImage.names(outputs))
        .containsExactly(".daxconv-notes", "image.daxfs", "other.daxfs");
    assertThat(FaultImage.cached(cache)).hasSize(3).allMatch(name -> name.matches("[0-9a-f]{64}"));
  }

  private boolean isAtWork() throws IOException {
    return FaultImage.names(outputs).stream().anyMatch(name -> name.endsWith(".tmp"))
        && FaultImage.cached(cache).stream().anyMatch(name -> name.endsWith(".part"));
  }
}

package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads that break off, a cache that rots, others at work in the same places. */
@RequiresTools("env")
final class FaultSourceTest {
  @TempDir private static Path shared;
  private static FaultImage image;
  private static FaultRegistry registry;

  @TempDir private Path directory;
  private Path cache;
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
    outputs = Files.createDirectory(directory.resolve("outputs"));
    output = outputs.resolve("image.daxfs");
    registry.cut(0);
  }

  private String[] command() {
    return new String[] {
      "convert",
      "-q",
      "--plain-http",
      registry.reference(),
      "-o",
      output.toString(),
      "--cache-dir",
      cache.toString()
    };
  }

  private Daxconv run() throws IOException {
    return Daxconv.run(directory.resolve("home"), command());
  }

  @Test
  void aBlobThatBreaksOffIsFetchedAgain() throws IOException {
    registry.cut(2);

    run().output();

    assertThat(image.isWhole(output)).isTrue();
    assertThat(FaultImage.cached(cache)).hasSize(3).noneMatch(name -> name.endsWith(".part"));
  }

  @Test
  void aBlobThatBreaksOffGoesOnWithoutACacheToo() throws IOException {
    registry.cut(2);
    Path home = directory.resolve("home");

    Daxconv.run(
            home,
            "convert",
            "-q",
            "--plain-http",
            "--no-cache",
            registry.reference(),
            "-o",
            output.toString())
        .output();

    assertThat(image.isWhole(output)).isTrue();
    assertThat(home.resolve(".cache")).doesNotExist();
  }

  @Test
  void aCacheAndNoneDoNotGoTogether() throws IOException {
    Daxconv run =
        Daxconv.run(
            directory.resolve("home"),
            "convert",
            "--no-cache",
            "--cache-dir",
            cache.toString(),
            registry.reference(),
            "-o",
            output.toString());

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("daxconv: cache: expected --cache-dir or --no-cache, found both");
  }

  @Test
  void aBlobThatAlwaysBreaksOffIsNamed() throws IOException {
    registry.cut(Integer.MAX_VALUE);

    Daxconv run = run();

    assertThat(run.exit()).isOne();
    assertThat(run.err().lines().toList().getLast())
        .matches(
            "daxconv: \\Q"
                + registry.url(image.layers().getFirst())
                + "\\E: the answer broke off after \\d+ bytes: .*");
    assertThat(output).doesNotExist();
    assertThat(FaultImage.names(outputs)).isEmpty();
    assertThat(FaultImage.cached(cache))
        .allMatch(name -> name.matches("[0-9a-f]{64}(\\.part)?"))
        .filteredOn(name -> !name.endsWith(".part"))
        .hasSize(2);
  }

  @Test
  void aBlobThatRottedInTheCacheIsFetchedAgain() throws IOException {
    run().output();
    Digest rotten = image.layers().get(1);
    Path cached = cache.resolve("blobs/sha256").resolve(rotten.hex());
    byte[] bytes = Files.readAllBytes(cached);
    bytes[bytes.length / 2] ^= 1;
    Files.write(cached, bytes);
    Files.delete(output);

    run().output();

    assertThat(image.isWhole(output)).isTrue();
    assertThat(Files.mismatch(cached, image.blob(rotten))).isEqualTo(-1);
  }

  @RepeatedTest(2)
  void twoAtOnceBothSucceed() throws Exception {
    Path home = directory.resolve("home");
    try (FaultProcess one = FaultProcess.start(home, command());
        FaultProcess two = FaultProcess.start(home, command())) {
      assertThat(one.exit()).as(one.err()).isZero();
      assertThat(two.exit()).as(two.err()).isZero();
    }
    assertThat(image.isWhole(output)).isTrue();
    assertThat(FaultImage.names(outputs)).containsExactly("image.daxfs");
    assertThat(FaultImage.cached(cache)).hasSize(3).noneMatch(name -> name.endsWith(".part"));
  }
}

package io.daxconv.oci.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Manifests, indexes, configs and archives, from their bytes to an open image. */
class LayoutFuzzTest {
  /** An input of some kilobytes takes milliseconds; a machine that is busy may stop for long. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private static @Nullable Path directory;

  @BeforeAll
  static void makeDirectory() throws IOException {
    Path memory = Path.of("/dev/shm");
    directory =
        Files.isWritable(memory)
            ? Files.createTempDirectory(memory, "daxconv-fuzz")
            : Files.createTempDirectory("daxconv-fuzz");
  }

  @AfterAll
  static void removeDirectory() throws IOException {
    Path made = Objects.requireNonNull(directory);
    Files.deleteIfExists(made.resolve("blobs/sha256"));
    Files.deleteIfExists(made.resolve("blobs"));
    Files.delete(made);
  }

  @FuzzTest
  void layouts(byte[] input) {
    Path made = Objects.requireNonNull(directory);
    assertTimeoutPreemptively(LONGEST, () -> new LayoutTarget(made).layout(input));
  }

  @FuzzTest
  void archives(byte[] input) {
    Path made = Objects.requireNonNull(directory);
    assertTimeoutPreemptively(LONGEST, () -> new LayoutTarget(made).archive(input));
  }
}

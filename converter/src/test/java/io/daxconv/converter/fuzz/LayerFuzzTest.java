package io.daxconv.converter.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Layers, from their bytes to the image. */
class LayerFuzzTest {
  private static @Nullable Path directory;

  @BeforeAll
  static void makeDirectory() throws IOException {
    // In memory where that is to be had: a disk would be waited for with each image.
    Path memory = Path.of("/dev/shm");
    directory =
        Files.isWritable(memory)
            ? Files.createTempDirectory(memory, "daxconv-fuzz")
            : Files.createTempDirectory("daxconv-fuzz");
  }

  @AfterAll
  static void removeDirectory() throws IOException {
    if (directory != null) {
      Files.delete(directory);
    }
  }

  @FuzzTest
  void layers(byte[] input) {
    Path made = java.util.Objects.requireNonNull(directory);
    Bounded.run(() -> new LayerTarget(made).run(input));
  }
}

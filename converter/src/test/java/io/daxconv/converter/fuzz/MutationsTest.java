package io.daxconv.converter.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each target over changes of its corpus, and what is said of an input that fails. */
class MutationsTest {
  @Test
  void layers(@TempDir Path directory) throws IOException {
    Mutations.run(LayerFuzzTest.class, "layers", new LayerTarget(directory)::run);
  }

  @Test
  void decoders() throws IOException {
    Mutations.run(DecoderFuzzTest.class, "decoders", DecoderTarget::run);
  }

  @Test
  void daxfs() throws IOException {
    Mutations.run(ImageFuzzTest.class, "daxfs", new ImageTarget()::daxfs);
  }

  @Test
  void erofs() throws IOException {
    Mutations.run(ImageFuzzTest.class, "erofs", new ImageTarget()::erofs);
  }

  @Test
  void annexes() throws IOException {
    Mutations.run(AnnexFuzzTest.class, "annexes", AnnexTarget::run);
  }

  @Test
  void everyRunTriesTheSame() throws IOException {
    List<Integer> first = new ArrayList<>();
    List<Integer> second = new ArrayList<>();
    Mutations.run(AnnexFuzzTest.class, "annexes", input -> first.add(Arrays.hashCode(input)));
    Mutations.run(AnnexFuzzTest.class, "annexes", input -> second.add(Arrays.hashCode(input)));
    assertThat(second).isEqualTo(first).hasSizeGreaterThan(100);
  }

  @Test
  void anInputThatFailsIsKept() throws IOException {
    Path kept = Path.of("target", "fuzz", "annexes-0");
    assertThatThrownBy(
            () ->
                Mutations.run(
                    AnnexFuzzTest.class,
                    "annexes",
                    _ -> {
                      throw new IllegalStateException("found");
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessage("seed 1, input 0, kept in " + kept)
        .hasRootCauseMessage("found");
    assertThat(kept).exists();
    Files.delete(kept);
  }
}

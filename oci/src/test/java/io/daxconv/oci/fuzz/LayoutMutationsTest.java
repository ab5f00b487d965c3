package io.daxconv.oci.fuzz;

import io.daxconv.converter.fuzz.Mutations;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each target over changes of its corpus. */
class LayoutMutationsTest {
  @TempDir Path directory;

  @Test
  void layouts() throws IOException {
    Mutations.run(LayoutFuzzTest.class, "layouts", new LayoutTarget(directory)::layout);
  }

  @Test
  void archives() throws IOException {
    Mutations.run(LayoutFuzzTest.class, "archives", new LayoutTarget(directory)::archive);
  }
}

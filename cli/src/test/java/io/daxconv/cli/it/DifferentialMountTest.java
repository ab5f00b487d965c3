package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.cli.it.differential.DaxconvTree;
import io.daxconv.cli.it.differential.Flattened;
import io.daxconv.cli.it.differential.Layout;
import io.daxconv.cli.it.differential.RandomStack;
import io.daxconv.cli.it.differential.Rootfs;
import io.daxconv.converter.testing.RequiresTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@link DifferentialTest} compares is what the kernel shows: images that the program makes of
 * random stacks, mounted as EROFS, without a difference.
 */
@RequiresTools(
    value = {"find", "stat", "getfattr", "mount"},
    root = true,
    filesystems = {"erofs"})
final class DifferentialMountTest {
  private static final int SEEDS = 40;

  @TempDir Path directory;

  @Test
  void theKernelShowsTheSameTree() throws Exception {
    int compared = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      Path layout = directory.resolve("layout-" + seed);
      Layout.write(RandomStack.of(seed), layout);
      Flattened flattened = DaxconvTree.of(layout, directory.resolve(seed + ".daxfs"));
      Path image = directory.resolve(seed + "-by-program.daxfs");
      Daxconv program =
          Daxconv.run(directory, "pull-and-convert", "oci:" + layout, "-o", image.toString());
      switch (flattened) {
        case Flattened.Refused(String message) -> {
          assertThat(program.exit()).as("seed %d", seed).isEqualTo(1);
          assertThat(program.err()).contains(message);
          assertThat(image).doesNotExist();
        }
        case Flattened.Tree(var files) -> {
          compared++;
          assertThat(Files.mismatch(image, directory.resolve(seed + ".daxfs"))).isEqualTo(-1);
          try (ErofsMount mount = ErofsMount.of(image, directory.resolve("mounted"))) {
            String name = mount.directory().getFileName().toString();
            assertThat(Rootfs.list(directory, List.of(name)).get(name))
                .as("seed %d", seed)
                .isEqualTo(files);
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(SEEDS / 2);
  }
}

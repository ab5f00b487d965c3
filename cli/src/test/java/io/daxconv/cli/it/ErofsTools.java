package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** What erofs-utils, which share no code with the kernel nor with daxconv, say of an image. */
final class ErofsTools {
  private ErofsTools() {}

  /** Fails unless fsck.erofs reads every inode and all data, and dump.erofs every number. */
  static void requireSound(Path image, Path directory) throws IOException, InterruptedException {
    // Informed (-d3), it says so; what else it says is an error or a warning.
    assertThat(Tool.run(directory, "fsck.erofs", "-d3", "--extract", image.toString()))
        .endsWith("No errors found\n")
        .doesNotContainIgnoringCase("invalid", "corrupt", "warn", "bogus", "unexpected");
    String dump = Tool.run(directory, "dump.erofs", "-s", "-S", image.toString());
    assertThat(dump).contains("sb_csum mtime").doesNotContainIgnoringCase("error", "corrupt");
  }
}

package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Maps files of a mount: what is mapped must be what is read, and zeros up to the page's end. */
final class MappedContents {
  private MappedContents() {}

  /** Checks all regular files below a directory; how many there were. */
  static int check(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(root)) {
      files = paths.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)).toList();
    }
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file)) {
        ByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, channel.size());
        ByteBuffer read = ByteBuffer.allocate((int) channel.size());
        while (read.hasRemaining() && channel.read(read) > 0) {}
        assertThat(read.flip().mismatch(mapped)).as("%s", file).isEqualTo(-1);
      }
    }
    return files.size();
  }
}

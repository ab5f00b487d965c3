package io.daxconv.cli.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers at the limits of what EROFS holds, mounted by the kernel that runs the tests. */
@RequiresTools(
    value = {"find", "stat", "getfattr", "fsck.erofs", "dump.erofs", "mount", "du"},
    root = true,
    filesystems = {"erofs"})
final class ErofsLimitsTest extends MadeErofs {
  private static final long FOUR_GIB = 1L << 32;

  @ParameterizedTest
  @ValueSource(ints = {4096, 65536})
  void holdsFilesOverFourGib(int pageSize) throws Exception {
    TarBuilder layer =
        TarBuilder.tar()
            .add(sparse("big", FOUR_GIB + 1, FOUR_GIB - 2, "end"))
            .add(TarEntry.file("after", "after"));
    Path image = convert(pages(pageSize), layer);
    // Not ErofsTools: the fsck.erofs of erofs-utils 1.5 reads a file's data in one go, and crashes.
    Tool.run(directory, "fsck.erofs", image.toString());
    try (ErofsMount mount = ErofsMount.of(image, directory.resolve("mnt"));
        FileChannel big = FileChannel.open(mount.directory().resolve("big"))) {
      assertThat(big.size()).isEqualTo(FOUR_GIB + 1);
      assertThat(read(big, FOUR_GIB - 4)).isEqualTo("\0\0end");
      assertThat(read(big, FOUR_GIB / 2)).isEqualTo("\0\0\0\0\0");
      ByteBuffer mapped = big.map(MapMode.READ_ONLY, FOUR_GIB, 1);
      assertThat(mapped.get()).isEqualTo((byte) 'd');
      assertThat(mount.directory().resolve("after")).hasContent("after");
      // The image is as sparse as the layer was.
      String kib =
          Tool.run(directory, "du", "-k", image.toString()).replaceAll("\\s.*", "").strip();
      assertThat(Long.parseLong(kib)).isLessThan(8 << 10);
      assertThat(Files.size(image)).isGreaterThan(FOUR_GIB);
    }
  }

  private static String read(FileChannel file, long at) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(5);
    while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) > 0) {}
    return new String(bytes.array(), 0, bytes.position(), ISO_8859_1);
  }

  /** A file of zeros but for some text, as GNU tar stores it (PAX format 1.0). */
  private static TarEntry sparse(String name, long size, long at, String text) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    byte[] map = "1\n%d\n%d\n".formatted(at, text.length()).getBytes(US_ASCII);
    data.writeBytes(Arrays.copyOf(map, 512));
    data.writeBytes(text.getBytes(US_ASCII));
    return new TarEntry('0', "GNUSparseFile.1/x")
        .data(data.toByteArray())
        .pax("GNU.sparse.major", "1")
        .pax("GNU.sparse.minor", "0")
        .pax("GNU.sparse.name", name)
        .pax("GNU.sparse.realsize", Long.toString(size));
  }

  @Test
  void holdsManyAndLongNames() throws Exception {
    int count = 100_000;
    TarBuilder layer = TarBuilder.tar().directory("many/");
    for (int i = 0; i < count; i++) {
      layer.add(TarEntry.file("many/name-" + i, ""));
    }
    String longest = "n".repeat(255);
    String target = "/t".repeat(2047) + "x";
    layer.add(TarEntry.file("first", "1").pax("path", longest));
    layer.add(TarEntry.directory("dirs/").mtime(77));
    for (int i = 0; i < 40; i++) {
      layer.add(
          TarEntry.file("x", "2").pax("path", "dirs/" + (char) ('0' + i) + longest.substring(1)));
    }
    layer.add(TarEntry.symlink("longest", "x").pax("linkpath", target));
    layer.add(new TarEntry('0', "odd\u00ff\u0001\n\\".getBytes(ISO_8859_1)));
    try (ErofsMount mount = mount(layer)) {
      List<String> names = Tool.run(mount.directory(), "ls", "-U", "many").lines().toList();
      assertThat(names).hasSize(count).doesNotHaveDuplicates();
      // Each by a lookup of its own, which is a binary search.
      assertThat(names).allMatch(name -> exists(mount, "many/" + name));
      for (String missing : List.of("many/name-", "many/name-100000", "many/a", "many/z")) {
        assertThat(exists(mount, missing)).isFalse();
      }
      assertThat(mount.directory().resolve(longest)).hasContent("1");
      assertThat(Tool.run(mount.directory().resolve("dirs"), "ls").lines()).hasSize(40);
      assertThat(Tool.run(mount.directory(), "readlink", "longest")).isEqualTo(target + "\n");
      assertThat(Tool.run(mount.directory(), "sh", "-c", "ls -b odd*"))
          .isEqualTo("odd\\377\\001\\n\\\\\n");
    }
  }

  private static boolean exists(ErofsMount mount, String path) {
    return Files.exists(mount.directory().resolve(path));
  }

  @Test
  void holdsAnEmptyImageAndTargetsAtTheEdges() throws Exception {
    try (ErofsMount mount = mount(TarBuilder.tar())) {
      assertThat(FullListing.of(mount.directory())).hasSize(1);
    }
    Files.delete(directory.resolve("x.daxfs"));
    // Around what fits behind an inode of 32 or 64 bytes in one block.
    TarBuilder layer = TarBuilder.tar();
    for (int length = 4028; length <= 4068; length++) {
      String target = "t".repeat(length);
      layer.add(TarEntry.symlink("c" + length, "x").pax("linkpath", target));
      layer.add(TarEntry.symlink("e" + length, "x").pax("linkpath", target).mtime(length));
    }
    try (ErofsMount mount = mount(layer)) {
      assertThat(FullListing.of(mount.directory()))
          .hasSize(83)
          .contains(
              "/c4064 l 777 0:0 4064 1 0.0000000000 /c4064 " + "t".repeat(4064) + " - -",
              "/e4032 l 777 0:0 4032 1 4032.0000000000 /e4032 " + "t".repeat(4032) + " - -");
    }
  }
}

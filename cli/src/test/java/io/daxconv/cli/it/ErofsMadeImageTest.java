package io.daxconv.cli.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.testing.RequiresTools;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers at the edges of what EROFS holds, mounted by the kernel that runs the tests. */
@RequiresTools(
    value = {"find", "stat", "getfattr", "fsck.erofs", "dump.erofs", "mount", "du"},
    root = true,
    filesystems = {"erofs", "overlay"})
final class ErofsMadeImageTest {
  private static final long FOUR_GIB = 1L << 32;

  @TempDir private Path directory;

  /** Mounts what layers give with these options, after erofs-utils have found it sound. */
  private ErofsMount mount(ConversionOptions options, TarBuilder... layers) throws Exception {
    Path image = convert(options, layers);
    ErofsTools.requireSound(image, directory);
    return ErofsMount.of(image, directory.resolve("mnt"));
  }

  private Path convert(ConversionOptions options, TarBuilder... layers) throws IOException {
    Path image = directory.resolve("x.daxfs");
    byte[][] tars = Arrays.stream(layers).map(TarBuilder::build).toArray(byte[][]::new);
    Converter.convert(TestImages.of(tars), image, options, ConversionListener.NONE);
    return image;
  }

  private ErofsMount mount(TarBuilder... layers) throws Exception {
    return mount(ConversionOptions.DEFAULT, layers);
  }

  private static ConversionOptions pages(int size) {
    return new ConversionOptions(size, true, true, false, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void holdsWhatLayersSay(int pageSize) throws Exception {
    TarBuilder lower =
        TarBuilder.tar()
            .add(TarEntry.directory("d/").mode(01750).owner(70_000, 4_000_000_000L).mtime(-5))
            .add(TarEntry.file("d/f", "lower").mode(06711).pax("mtime", "1234567890.123456789"))
            .hardLink("d/link", "d/f")
            .hardLink("z", "d/f")
            .add(TarEntry.symlink("s", "d/f").mtime(1_000_000_000).owner(1, 2))
            .add(new TarEntry('3', "c").device(1, 3).mode(0666).mtime(7))
            .add(new TarEntry('4', "b").device(259, 300_000).mode(0660).mtime(8))
            .add(new TarEntry('6', "p").mode(0600).pax("mtime", "-1.5"))
            .add(TarEntry.file("gone", "x").mtime(9))
            .add(TarEntry.file("late", "").pax("mtime", "20000000000.000000001"));
    TarBuilder upper =
        TarBuilder.tar().whiteout(".wh.gone").add(TarEntry.file("page", "x".repeat(4096)).mtime(3));
    try (ErofsMount mount = mount(pages(pageSize), lower, upper)) {
      assertThat(FullListing.of(mount.directory()))
          .containsExactly(
              "/ d 755 0:0 - - 0.0000000000 -  - -",
              "/b b 660 0:0 0 1 8.0000000000 /b  103:493e0 -",
              "/c c 666 0:0 0 1 7.0000000000 /c  1:3 -",
              "/d d 1750 70000:4000000000 - - -5.0000000000 -  - -",
              "/d/f f 6711 0:0 5 3 1234567890.1234567890 /d/f  - -",
              "/d/link f 6711 0:0 5 3 1234567890.1234567890 /d/f  - -",
              "/late f 644 0:0 0 1 20000000000.0000000010 /late  - -",
              // find shows the seconds, -2, and behind the point what is added to them.
              "/p p 600 0:0 0 1 -2.5000000000 /p  - -",
              "/page f 644 0:0 4096 1 3.0000000000 /page  - -",
              "/s l 777 1:2 3 1 1000000000.0000000000 /s d/f - -",
              "/z f 6711 0:0 5 3 1234567890.1234567890 /d/f  - -");
      assertThat(Files.getAttribute(mount.directory(), "unix:nlink")).isEqualTo(3);
      assertThat(MappedContents.check(mount.directory())).isEqualTo(5);
    }
  }

  @Test
  void holdsXattrsOfAllKinds() throws Exception {
    byte[] large = new byte[60_000];
    new Random(1).nextBytes(large);
    // Version 2, then tag, permissions and id of each entry (linux/posix_acl_xattr.h).
    byte[] acl =
        bytes(
            "02000000 01000600ffffffff 02000700e8030000 04000400ffffffff"
                + " 10000700ffffffff 20000400ffffffff");
    byte[] capability = bytes("0100000200200000000000000000000000000000");
    TarBuilder layer =
        TarBuilder.tar()
            .add(
                TarEntry.file("all", "x")
                    .mode(0674)
                    .xattr("user.large", large)
                    .xattr("user.empty", new byte[0])
                    .xattr("user.binary", bytes("00ff0a3d00"))
                    .xattr("trusted.t", bytes("01"))
                    .xattr("security.capability", capability)
                    .xattr("system.posix_acl_access", acl)
                    .xattr("trusted.overlay.opaque", bytes("79"))
                    .xattr("user.overlay.redirect", bytes("2f78")))
            .add(TarEntry.directory("d/").xattr("system.posix_acl_default", acl))
            .add(TarEntry.symlink("s", "all").xattr("trusted.link", bytes("02")))
            .add(TarEntry.file("long", "").xattr("user." + "n".repeat(250), bytes("03")));
    try (ErofsMount mount = mount(layer)) {
      String aclText = "0x" + HexFormat.of().formatHex(acl);
      assertThat(FullListing.of(mount.directory()).stream().map(ErofsMadeImageTest::xattrs))
          .containsExactly(
              "-",
              String.join(
                  ",",
                  "security.capability=0x" + HexFormat.of().formatHex(capability),
                  "system.posix_acl_access=" + aclText,
                  "trusted.t=0x01",
                  "user.binary=0x00ff0a3d00",
                  "user.empty=0x",
                  "user.large=0x" + HexFormat.of().formatHex(large)),
              "system.posix_acl_default=" + aclText,
              "user." + "n".repeat(250) + "=0x03",
              "trusted.link=0x02");
    }
  }

  /** The last word of a listing's line. */
  private static String xattrs(String line) {
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  @Test
  void enforcesAcls() throws Exception {
    // user 1000 may read, though owner, group and others may not.
    byte[] acl =
        bytes(
            "02000000 01000000ffffffff 02000400e8030000 04000000ffffffff"
                + " 10000400ffffffff 20000000ffffffff");
    try (ErofsMount mount =
        mount(
            TarBuilder.tar()
                .add(
                    TarEntry.file("f", "read").mode(0040).xattr("system.posix_acl_access", acl)))) {
      Tool.run(directory, "chmod", "755", directory.toString());
      String file = mount.directory().resolve("f").toString();
      assertThat(as(1000, file)).isEqualTo(new Tool.Outcome(0, "read"));
      assertThat(as(1001, file).exit()).isNotZero();
    }
  }

  private Tool.Outcome as(int uid, String file) throws Exception {
    return Tool.outcome(
        directory, "setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "cat", file);
  }

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

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}

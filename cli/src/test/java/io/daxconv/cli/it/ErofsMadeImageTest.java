package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers with all that EROFS holds, mounted by the kernel that runs the tests. */
@RequiresTools(
    value = {"find", "stat", "getfattr", "fsck.erofs", "dump.erofs", "mount", "setpriv"},
    root = true,
    filesystems = {"erofs"})
final class ErofsMadeImageTest extends MadeErofs {
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

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}

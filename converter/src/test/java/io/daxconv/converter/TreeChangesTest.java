package io.daxconv.converter;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.annex.AddedPath;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.ConvertedImage;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestImages;
import io.daxconv.converter.verify.ImageVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the host put into an image, and owners shifted. */
class TreeChangesTest extends ConversionTest {
  @TempDir private Path host;

  @BeforeEach
  void makeHostFiles() throws IOException {
    write("init", "#!/bin/sh\n", "rwxr-x---");
    Files.createDirectories(host.resolve("tree/sub"));
    write("tree/x", "x", "rw-r--r--");
    write("tree/sub/y", "y", "rw-------");
    Files.createLink(host.resolve("tree/z"), host.resolve("tree/x"));
    Files.createSymbolicLink(host.resolve("tree/l"), Path.of("sub"));
    Files.createSymbolicLink(host.resolve("to-init"), Path.of("init"));
  }

  private void write(String name, String text, String mode) throws IOException {
    Path file = Files.writeString(host.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static TarBuilder layer() {
    return tar()
        .add(TarEntry.directory("etc").mode(0700).owner(5, 6))
        .add(TarEntry.file("etc/conf", "old").owner(1000, 1001))
        .hardLink("etc/link", "etc/conf")
        .symlink("lib", "usr/lib")
        .directory("usr/lib");
  }

  private ConvertedImage change(long uidShift, String... added) throws IOException {
    return change(TestImages.of(layer().build()), uidShift, added);
  }

  private ConvertedImage change(SourceImage image, long uidShift, String... added)
      throws IOException {
    Path output = directory.resolve("out.daxfs");
    List<AddedFile> files =
        Arrays.stream(added).map(text -> AddedFile.parse(host + "/" + text)).toList();
    ConversionResult result =
        Converter.convert(
            image,
            output,
            ConversionOptions.DEFAULT.withChanges(new TreeChanges(files, uidShift)),
            ConversionListener.NONE);
    assertThat(ImageVerifier.verify(output).findings()).isEmpty();
    return ConvertedImage.read(result);
  }

  @Test
  void aFileHasTheModeThatIsGivenOrItsOwn() throws IOException {
    ConvertedImage image = change(0, "init:/init:0755", "init:/sbin/a/init", "to-init:/followed");

    assertThat(image.tree()).contains("/init '#!/bin/sh%0A'", "/sbin/a/init '#!/bin/sh%0A'");
    assertThat(image.detail("/init")).isEqualTo("/init f 0755 0:0");
    assertThat(image.detail("/sbin/a/init")).isEqualTo("/sbin/a/init f 0750 0:0");
    assertThat(image.detail("/sbin/a")).isEqualTo("/sbin/a d 0755 0:0");
    assertThat(image.detail("/followed")).isEqualTo("/followed f 0750 0:0");
    Digest digest = Digest.sha256("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(image.annex().added())
        .containsExactly(
            new AddedPath("/init", 1, 10, digest, null),
            new AddedPath("/sbin/a/init", 1, 10, digest, null),
            new AddedPath("/followed", 1, 10, digest, null));
  }

  @Test
  void aDirectoryGoesIntoTheOneThatIsThere() throws IOException {
    ConvertedImage image = change(0, "tree:/etc", "tree:/new:0711");

    assertThat(image.tree())
        .contains("/etc/conf 'old'", "/etc/x 'x'", "/etc/sub/y 'y'", "/etc/l -> sub")
        .contains("/etc/z = /etc/x", "/new/z = /new/x");
    assertThat(image.detail("/etc")).isEqualTo("/etc d 0700 5:6");
    assertThat(image.detail("/new")).isEqualTo("/new d 0711 0:0");
    assertThat(image.detail("/new/sub/y")).isEqualTo("/new/sub/y f 0600 0:0");
    assertThat(image.annex().added()).contains(new AddedPath("/new", 6, 2, null, null));
  }

  @Test
  void symlinksOnTheWayAreFollowed() throws IOException {
    ConvertedImage image = change(0, "init:/lib/x/init");

    assertThat(image.tree()).contains("/lib -> usr/lib", "/usr/lib/x/init '#!/bin/sh%0A'");
    assertThat(image.annex().added().getFirst().path()).isEqualTo("/usr/lib/x/init");
  }

  @Test
  void aFileThatIsReplacedIsRemarked() throws IOException {
    ConvertedImage image = change(0, "init:/etc/conf", "init:/lib");

    assertThat(image.tree())
        .contains("/etc/conf '#!/bin/sh%0A'", "/etc/link 'old'", "/lib '#!/bin/sh%0A'");
    assertThat(image.annex().remarks())
        .extracting(Remark::path)
        .containsExactly("/etc/conf", "/lib");
  }

  @Test
  void timesAndPlacesOfTheHostDoNotMatter() throws IOException {
    byte[] first = change(7, "init:/init", "tree:/t").bytes();
    Files.setLastModifiedTime(host.resolve("init"), FileTime.fromMillis(1_000_000));
    Files.setLastModifiedTime(host.resolve("tree/x"), FileTime.fromMillis(1_000_000));

    assertThat(change(7, "to-init:/init", "tree:/t").bytes()).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "init:/etc, 'path /etc: expected a file or nothing there, found a directory'",
    "init:/etc/conf/x, 'path /etc/conf: expected a directory or nothing there, found a file'",
    "tree:/etc/conf, 'path /etc/conf: expected a directory or nothing there, found a file'",
    "missing:/x, 'expected a file or directory, found nothing'",
    "init:/, 'path /: expected a directory there, found a file to put there'",
  })
  void whatHasNoPlaceIsRefused(String added, String message) {
    assertThatThrownBy(() -> change(0, added))
        .isInstanceOf(LayerException.class)
        .hasMessageContaining(message);
    assertThat(filesLeft()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a:b", ":/b", "a:/b:99", "a:/b:07777", "a:/x/../b", "a:/b:c"})
  void whatIsNoAdditionIsRefused(String text) {
    assertThatThrownBy(() -> AddedFile.parse(text))
        .hasMessageStartingWith("add: expected SRC:DEST[:MODE]");
  }

  @Test
  void sourcesMayHaveColons() {
    assertThat(AddedFile.parse("a:b:/c:644")).isEqualTo(new AddedFile(Path.of("a:b"), "/c", 0644));
  }

  @Test
  void theOutputMayNotBeInADirectoryThatIsAdded() {
    assertThatThrownBy(
            () ->
                Converter.convert(
                    TestImages.of(layer().build()),
                    host.resolve("tree/out.daxfs"),
                    ConversionOptions.DEFAULT.withChanges(
                        new TreeChanges(List.of(AddedFile.parse(host + "/tree:/x")), 0)),
                    ConversionListener.NONE))
        .isInstanceOf(OutputException.class);
  }

  @Test
  void ownersAreShiftedOnceEach() throws IOException {
    ConvertedImage image = change(100_000, "init:/init");

    assertThat(image.details())
        .contains(
            "/ d 0755 100000:100000",
            "/etc d 0700 100005:100006",
            "/etc/conf f 0644 101000:101001",
            "/etc/link f 0644 101000:101001",
            "/init f 0750 100000:100000");
    assertThat(image.annex().mode().uidShift()).isEqualTo(100_000);
  }

  @Test
  void idsInAclsAndCapabilitiesAreShifted() throws IOException {
    // Version 2; user::rwx, user:1000:r--, group::r--, group:7:r--
    String acl = "02000000" + "01000700ffffffff" + "02000400%s" + "04000400ffffffff" + "08000400%s";
    String capability = "01000003" + "00200000" + "00000000" + "00000000" + "00000000" + "%s";
    TarBuilder layer =
        tar()
            .add(
                TarEntry.file("f", "x")
                    .xattr("system.posix_acl_access", hex(acl.formatted("e8030000", "07000000")))
                    .xattr("security.capability", hex(capability.formatted("05000000"))));
    ConvertedImage image = change(TestImages.of(layer.build()), 0x10000);

    assertThat(image.annex().xattrs().getFirst().xattrs())
        .containsEntry("system.posix_acl_access", hex(acl.formatted("e8030100", "07000100")))
        .containsEntry("security.capability", hex(capability.formatted("05000100")));
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  @Test
  void anOwnerBeyondTheLastIdIsRefused() throws IOException {
    long most = 4294967294L - 1001;
    assertThat(change(most).detail("/etc/conf")).endsWith(" 4294967293:4294967294");
    assertThatThrownBy(() -> change(most + 1))
        .hasMessage(
            "uid-shift: /etc/conf: expected owners of at most 1000, to which 4294966294 can be"
                + " added, found 1001");
    assertThatThrownBy(() -> new TreeChanges(List.of(), -1)).hasMessageContaining("uid-shift: ex");
  }
}

package io.daxconv.converter.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.FileXattrs;
import io.daxconv.converter.annex.SpecialFile;
import io.daxconv.converter.source.DirectoryLayer;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.ConvertedImage;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real directory as the only layer. */
class DirectoryReaderTest extends ConversionTest {
  @TempDir Path source;
  private String owner = "";

  @BeforeEach
  void ownerOfTheDirectory() throws IOException {
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxr-xr-x"));
    owner = Files.getAttribute(source, "unix:uid") + ":" + Files.getAttribute(source, "unix:gid");
  }

  private SourceImage image() {
    return TestImages.of(new DirectoryLayer("directory", source));
  }

  /** Runs shell commands in the directory: some names have no form as a Java string. */
  private void shell(String commands) throws IOException {
    Process process =
        new ProcessBuilder("sh", "-euc", "umask 022\n" + commands)
            .directory(source.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Test
  void filesDirectoriesAndSymlinks() throws IOException {
    shell(
        """
        mkdir -p d/e
        printf one > d/f
        chmod 4750 d/f
        chmod 1777 d/e
        ln -s ../d/nowhere d/l
        : > empty
        """);
    ConvertedImage image = convert(image());
    assertThat(image.tree())
        .containsExactly("/d/", "/d/e/", "/d/f 'one'", "/d/l -> ../d/nowhere", "/empty ''");
    assertThat(image.details())
        .containsExactly(
            "/ d 0755 " + owner,
            "/d d 0755 " + owner,
            "/d/e d 1777 " + owner,
            "/d/f f 4750 " + owner,
            "/d/l l 0777 " + owner,
            "/empty f 0644 " + owner);
  }

  @Test
  void theRootHasItsOwnMetadata() throws IOException {
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(convert(image()).detail("/")).isEqualTo("/ d 0750 " + owner);
  }

  @Test
  void hardLinksShareAnInode() throws IOException {
    shell(
        """
        mkdir a z
        printf data > z/first
        ln z/first a/second
        ln z/first third
        ln -s x symlink
        ln -P symlink symlink2
        """);
    ConvertedImage image = convert(image());
    assertThat(image.tree())
        .containsExactly(
            "/a/",
            "/a/second 'data'",
            "/symlink -> x",
            "/symlink2 = /symlink",
            "/third = /a/second",
            "/z/",
            "/z/first = /a/second");
    assertThat(image.inode("/third").nlink()).isEqualTo(3);
  }

  @Test
  void aLinkFromOutsideIsNone() throws IOException {
    shell("printf data > f");
    Files.createLink(directory.resolve("outside"), source.resolve("f"));
    Path output = directory.resolve("out");
    ConvertedImage image =
        ConvertedImage.read(
            Converter.convert(image(), output, ConversionOptions.DEFAULT, ConversionListener.NONE));
    assertThat(image.tree()).containsExactly("/f 'data'");
    assertThat(image.inode("/f").nlink()).isEqualTo(1);
  }

  @Test
  void namesAndTargetsAreBytes() throws IOException {
    shell(
        """
        name=$(printf 'n\\351\\377 %%x')
        mkdir "$name"
        printf data > "$name/$name"
        ln -s "$name" link
        printf odd > "$(printf 'a\\nb\\001')"
        printf nfc > "$(printf '\\303\\251')"
        printf nfd > "$(printf 'e\\314\\201')"
        """);
    assertThat(convert(image()).tree())
        .containsExactly(
            "/a%0Ab%01 'odd'",
            "/e%CC%81 'nfd'",
            "/link -> n%E9%FF%20%25x",
            "/n%E9%FF%20%25x/",
            "/n%E9%FF%20%25x/n%E9%FF%20%25x 'data'",
            "/%C3%A9 'nfc'");
  }

  @Test
  void longNames() throws IOException {
    String longest = "n".repeat(255);
    shell("printf 1 > %s; mkdir d; ln %s d/%s".formatted(longest, longest, longest));
    assertThat(convert(image()).tree())
        .containsExactly("/d/", "/d/" + longest + " '1'", "/" + longest + " = /d/" + longest);
  }

  @Test
  void fifosAreLeftOutAndTold() throws IOException {
    shell("mkfifo -m 640 pipe");
    ConvertedImage image = convert(image());
    assertThat(image.tree()).isEmpty();
    String[] ids = owner.split(":", -1);
    assertThat(image.annex().specialFiles())
        .containsExactly(
            new SpecialFile(
                "/pipe", "fifo", 0640, Long.parseLong(ids[0]), Long.parseLong(ids[1]), 0, 0));
  }

  @Test
  void xattrsAreListed() throws IOException {
    byte[] value = {0, 1, (byte) 0xff, '\n', '='};
    Path file = Files.writeString(source.resolve("f"), "data");
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    assumeTrue(Files.getFileStore(file).supportsFileAttributeView("user"), "no user xattrs here");
    view.write("binary", ByteBuffer.wrap(value));
    view.write("empty", ByteBuffer.allocate(0));
    view.write("overlay.opaque", ByteBuffer.wrap(new byte[] {'y'}));
    Annex annex = convert(image()).annex();
    FileXattrs xattrs =
        annex.xattrs().stream().filter(of -> of.path().equals("/f")).findFirst().orElseThrow();
    assertThat(xattrs.xattrs()).containsKeys("user.binary", "user.empty");
    assertThat(xattrs.xattrs()).doesNotContainKey("user.overlay.opaque");
    assertThat(Objects.requireNonNull(xattrs.xattrs().get("user.binary"))).isEqualTo(value);
    assertThat(annex.remarks()).extracting("id").containsExactly("overlay-xattr-left-out");
  }

  @Test
  void aLargeFile() throws IOException {
    byte[] bytes = new byte[3_000_000];
    new java.util.SplittableRandom(1).nextBytes(bytes);
    Files.write(source.resolve("f"), bytes);
    Files.write(source.resolve("g"), bytes);
    ConvertedImage image = convert(image());
    assertThat(image.content("/f")).isEqualTo(bytes);
    assertThat(image.inode("/g").dataOffset()).isEqualTo(image.inode("/f").dataOffset());
    assertThat(image.annex().diffIds()).isEmpty();
  }

  @Test
  void theSameDirectoryGivesTheSameBytes() throws IOException {
    shell("mkdir d; for i in 3 1 2; do printf $i > d/$i; done; ln d/2 a");
    assertThat(convert(image()).bytes()).isEqualTo(convert(image()).bytes());
  }

  @Test
  void aSymlinkToTheDirectoryIsFollowed() throws IOException {
    shell("printf 1 > f");
    Path elsewhere = Files.createTempDirectory("daxconv-link");
    Path link = Files.createSymbolicLink(elsewhere.resolve("link"), source);
    try {
      assertThat(convert(TestImages.of(new DirectoryLayer("directory", link))).tree())
          .containsExactly("/f '1'");
    } finally {
      Files.delete(link);
      Files.delete(elsewhere);
    }
  }

  @Test
  void aNameThatLayersKeepForWhiteoutsIsAnError() throws IOException {
    shell("mkdir d; : > d/.wh.x");
    assertThat(failure(image())).contains("directory", "d/.wh.x");
  }

  @Test
  void whatIsNoDirectoryIsAnError() throws IOException {
    shell("printf 1 > f");
    SourceImage file = TestImages.of(new DirectoryLayer("directory", source.resolve("f")));
    assertThat(failure(file)).contains("directory");
    SourceImage missing = TestImages.of(new DirectoryLayer("directory", source.resolve("nope")));
    assertThatThrownBy(
            () ->
                Converter.convert(
                    missing,
                    directory.resolve("out"),
                    ConversionOptions.DEFAULT,
                    ConversionListener.NONE))
        .isInstanceOf(DaxconvException.class)
        .hasMessageContaining("nope");
    assertThat(filesLeft()).isEmpty();
  }
}

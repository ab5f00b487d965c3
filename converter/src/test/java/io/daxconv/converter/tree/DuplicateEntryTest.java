package io.daxconv.converter.tree;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarEntry;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The same path twice in one layer: the last entry wins. */
class DuplicateEntryTest extends ConversionTest {

  @Test
  void theLastFileWins() throws IOException {
    assertThat(
            convert(
                    tar()
                        .file("f", "first")
                        .file("./f", "second")
                        .add(TarEntry.file("/f", "last").mode(0600)))
                .tree())
        .containsExactly("/f 'last'");
  }

  @Test
  void theLastFileWinsWithItsMetadata() throws IOException {
    assertThat(
            convert(
                tar()
                    .add(
                        TarEntry.file("f", "a").mode(0755).owner(1, 1).xattr("user.a", new byte[1]))
                    .add(TarEntry.file("f", "b").mode(0600).owner(2, 2))))
        .satisfies(
            image -> {
              assertThat(image.detail("/f")).isEqualTo("/f f 0600 2:2");
              assertThat(image.annex().xattrs()).isEmpty();
            });
  }

  @Test
  void aDirectoryOnADirectoryUpdatesItsMetadataAndKeepsItsChildren() throws IOException {
    assertThat(
            convert(
                    tar()
                        .add(TarEntry.directory("d").mode(0700))
                        .file("d/f", "1")
                        .add(TarEntry.directory("d").mode(0711).owner(1, 2)))
                .details())
        .containsExactly("/ d 0755 0:0", "/d d 0711 1:2", "/d/f f 0644 0:0");
  }

  @Test
  void aFileOnADirectoryRemovesItsChildren() throws IOException {
    assertThat(tree(tar().file("d/sub/f", "1").file("d", "file"))).containsExactly("/d 'file'");
    assertThat(tree(tar().file("d/sub/f", "1").file("d", "file").directory("d")))
        .containsExactly("/d/");
  }

  @Test
  void aSymlinkOnADirectoryRemovesItsChildren() throws IOException {
    assertThat(tree(tar().file("d/f", "1").symlink("d", "e"))).containsExactly("/d -> e");
  }

  @Test
  void aDeviceOnADirectoryRemovesItsChildren() throws IOException {
    assertThat(tree(tar().file("d/f", "1").add(new TarEntry('3', "d").device(1, 3)))).isEmpty();
  }

  @Test
  void aHardLinkOnADirectoryRemovesItsChildren() throws IOException {
    assertThat(tree(tar().file("a", "1").file("d/f", "2").hardLink("d", "a")))
        .containsExactly("/a '1'", "/d = /a");
  }

  @Test
  void aDirectoryOnAFileReplacesIt() throws IOException {
    assertThat(tree(tar().file("d", "1").directory("d").file("d/f", "2")))
        .containsExactly("/d/", "/d/f '2'");
  }

  @Test
  void aDirectoryOnASymlinkReplacesIt() throws IOException {
    assertThat(tree(tar().directory("real").symlink("d", "real").directory("d").file("d/f", "2")))
        .containsExactly("/d/", "/d/f '2'", "/real/");
  }

  @Test
  void aFileOnASymlinkReplacesTheSymlinkAndNotItsTarget() throws IOException {
    assertThat(tree(tar().file("t", "target").symlink("l", "t").file("l", "new")))
        .containsExactly("/l 'new'", "/t 'target'");
  }

  @Test
  void whatTheLayerHadFirstDoesNotShineThroughFromBelow() throws IOException {
    assertThat(
            tree(
                tar().file("d/lower", "0"),
                tar().file("d/f", "1").file("d", "file").file("d2", "").directory("d")))
        .containsExactly("/d/", "/d/lower '0'", "/d2 ''");
  }
}

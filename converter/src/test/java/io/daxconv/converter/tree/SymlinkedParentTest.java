package io.daxconv.converter.tree;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarBuilder;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths through symlinks that the same layer made before. */
class SymlinkedParentTest extends ConversionTest {

  @ParameterizedTest
  @CsvSource({
    "real, /real",
    "/real, /real",
    "./real, /real",
    "//real/, /real",
    "../real, /real",
    "../../../real, /real",
    "/../real, /real",
    "real/../real, /real",
    "real/sub/.., /real",
  })
  void aSymlinkOfTheSameLayerIsFollowedInsideTheRoot(String target, String place)
      throws IOException {
    assertThat(tree(tar().directory("real/sub").symlink("link", target).file("link/f", "1")))
        .containsExactly("/link -> " + target, "/real/", place + "/f '1'", "/real/sub/");
  }

  @Test
  void aTargetIsRelativeToTheSymlinksOwnDirectory() throws IOException {
    assertThat(
            tree(
                tar()
                    .directory("a/b/c")
                    .directory("a/x")
                    .symlink("a/b/c/up", "../../x")
                    .file("a/b/c/up/f", "1")))
        .containsExactly("/a/", "/a/b/", "/a/b/c/", "/a/b/c/up -> ../../x", "/a/x/", "/a/x/f '1'");
  }

  @Test
  void severalSymlinksInARow() throws IOException {
    assertThat(
            tree(
                tar()
                    .directory("d/e")
                    .symlink("one", "two")
                    .symlink("two", "/d/three")
                    .symlink("d/three", "e")
                    .file("one/f", "1")))
        .containsExactly(
            "/d/", "/d/e/", "/d/e/f '1'", "/d/three -> e", "/one -> two", "/two -> /d/three");
  }

  @Test
  void dotDotAfterASymlinkIsLexical() throws IOException {
    // "a/../b is b", whatever a is.
    assertThat(tree(tar().directory("d/e").symlink("a", "d/e").file("a/../b", "1")))
        .containsExactly("/a -> d/e", "/b '1'", "/d/", "/d/e/");
  }

  @Test
  void theLastComponentIsNotFollowed() throws IOException {
    assertThat(tree(tar().directory("d").symlink("l", "d").file("l", "file")))
        .containsExactly("/d/", "/l 'file'");
  }

  @Test
  void aWhiteoutIsFollowedToo() throws IOException {
    assertThat(
            tree(
                tar().file("d/f", "1").file("d/g", "2"),
                tar().directory("d").symlink("l", "d").whiteout("l/.wh.f")))
        .containsExactly("/d/", "/d/g '2'", "/l -> d");
  }

  @Test
  void anOpaqueMarkIsFollowedToo() throws IOException {
    assertThat(
            tree(
                tar().file("d/f", "1"),
                tar().directory("d").symlink("l", "d").whiteout("l/.wh..wh..opq").file("l/g", "2")))
        .containsExactly("/d/", "/d/g '2'", "/l -> d");
  }

  @Test
  void aHardLinkTargetIsFollowedToo() throws IOException {
    assertThat(tree(tar().file("d/f", "1").symlink("l", "d").hardLink("h", "l/f")))
        .containsExactly("/d/", "/d/f '1'", "/h = /d/f", "/l -> d");
  }

  @Test
  void aSymlinkThatComesLaterIsNotFollowed() throws IOException {
    assertThat(tree(tar().directory("d").file("l/f", "1").symlink("l", "d")))
        .containsExactly("/d/", "/l -> d");
  }

  @Test
  void aTargetThatIsNotThereIsMadeAsAParent() throws IOException {
    assertThat(tree(tar().symlink("l", "not/yet").file("l/f", "1")))
        .containsExactly("/l -> not/yet", "/not/", "/not/yet/", "/not/yet/f '1'");
  }

  @Test
  void aTargetThatOnlyALowerLayerHasIsTheSameDirectory() throws IOException {
    assertThat(
            tree(tar().file("usr/lib/a", "1"), tar().symlink("lib", "usr/lib").file("lib/b", "2")))
        .containsExactly(
            "/lib -> usr/lib", "/usr/", "/usr/lib/", "/usr/lib/a '1'", "/usr/lib/b '2'");
  }

  @Test
  void aSymlinkLoopIsAnError() {
    assertLoop(tar().symlink("l", "l").file("l/f", "1"));
    assertLoop(tar().symlink("l", "m").symlink("m", "l").file("l/f", "1"));
    assertLoop(tar().symlink("l", "/l/x").file("l/f", "1"));
    assertLoop(tar().symlink("d/l", "../d/l/y").file("d/l/f", "1"));
  }

  private void assertLoop(TarBuilder layer) {
    assertThat(failure(layer))
        .contains("layer 1 of 1")
        .contains("l/f")
        .containsIgnoringCase("loop");
  }

  @Test
  void aLoopThatNobodyWalksIsNone() throws IOException {
    assertThat(tree(tar().symlink("l", "l"))).containsExactly("/l -> l");
  }

  @Test
  void aSymlinkToAFileIsNoParent() {
    assertThat(failure(tar().file("file", "").symlink("l", "file").file("l/f", "1")))
        .contains("layer 1 of 1", "l/f");
  }

  @Test
  void aDirectoryOverALowerSymlinkReplacesItAndIsRemarked() throws IOException {
    var image =
        convert(
            tar().file("usr/lib/base", "1").symlink("lib", "usr/lib"), tar().file("lib/new", "2"));
    assertThat(image.tree())
        .containsExactly("/lib/", "/lib/new '2'", "/usr/", "/usr/lib/", "/usr/lib/base '1'");
    assertThat(image.annex().remarks())
        .singleElement()
        .satisfies(
            remark -> {
              assertThat(remark.id()).isEqualTo("symlink-replaced-by-directory");
              assertThat(remark.path()).isEqualTo("/lib");
            });
    assertThat(image.result().remarks()).isEqualTo(image.annex().remarks());
  }

  @Test
  void anExplicitDirectoryOverALowerSymlinkIsTheSame() throws IOException {
    var image = convert(tar().directory("d").symlink("l", "d"), tar().directory("l"));
    assertThat(image.tree()).containsExactly("/d/", "/l/");
    assertThat(image.annex().remarks()).extracting("path").containsExactly("/l");
  }

  @Test
  void aSymlinkOverADirectoryIsNoRemark() throws IOException {
    var image = convert(tar().file("l/f", "1"), tar().symlink("l", "d"));
    assertThat(image.tree()).containsExactly("/l -> d");
    assertThat(image.annex().remarks()).isEmpty();
  }

  @Test
  void aSymlinkThatIsHiddenOnTheWayIsNoRemark() throws IOException {
    var image =
        convert(
            tar().directory("d").symlink("l", "d"),
            tar().whiteout(".wh.l"),
            tar().file("l/f", "1"));
    assertThat(image.tree()).containsExactly("/d/", "/l/", "/l/f '1'");
    assertThat(image.annex().remarks()).isEmpty();
  }

  @Test
  void aSymlinkUnderTwoLayersOfTheDirectoryIsRemarkedOnce() throws IOException {
    var image =
        convert(
            tar().directory("d").symlink("l", "d"), tar().file("l/f", "1"), tar().file("l/g", "2"));
    assertThat(image.tree()).containsExactly("/d/", "/l/", "/l/f '1'", "/l/g '2'");
    assertThat(image.annex().remarks()).extracting("path").containsExactly("/l");
  }
}

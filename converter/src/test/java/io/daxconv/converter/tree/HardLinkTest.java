package io.daxconv.converter.tree;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.ConvertedImage;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several names for one inode. */
class HardLinkTest extends ConversionTest {

  @Test
  void sharesTheInode() throws IOException {
    ConvertedImage image = convert(tar().file("a", "1").hardLink("b", "a").hardLink("d/c", "b"));
    assertThat(image.tree()).containsExactly("/a '1'", "/b = /a", "/d/", "/d/c = /a");
    assertThat(image.inode("/a").nlink()).isEqualTo(3);
    assertThat(image.result().regularFiles()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"d/f", "/d/f", "./d/f", "d//f", "d/x/../f", "./d/./f"})
  void theTargetIsAPathFromTheRoot(String target) throws IOException {
    assertThat(tree(tar().file("d/f", "1").hardLink("e/g", target)))
        .containsExactly("/d/", "/d/f '1'", "/e/", "/e/g = /d/f");
  }

  @Test
  void metadataIsTheTargets() throws IOException {
    assertThat(
            convert(
                    tar()
                        .add(TarEntry.file("a", "1").mode(0755).owner(1, 2))
                        .add(TarEntry.hardLink("b", "a").mode(0600).owner(3, 4)))
                .details())
        .containsExactly("/ d 0755 0:0", "/a f 0755 1:2", "/b f 0755 1:2");
  }

  @Test
  void aLinkThatCarriesASizeHasNoData() throws IOException {
    // Some writers put the target's size into the link's header.
    TarEntry link = TarEntry.hardLink("b", "a").size(5);
    assertThat(tree(tar().file("a", "12345").add(link).file("c", "6")))
        .containsExactly("/a '12345'", "/b = /a", "/c '6'");
  }

  @Test
  void aTargetThatOnlyALowerLayerHasSharesThatInode() throws IOException {
    ConvertedImage image =
        convert(
            tar().add(TarEntry.file("a", "1").mode(0600).owner(1, 2)),
            tar().file("x", ""),
            tar().hardLink("b", "a"));
    assertThat(image.tree()).containsExactly("/a '1'", "/b = /a", "/x ''");
    assertThat(image.detail("/b")).isEqualTo("/b f 0600 1:2");
  }

  @Test
  void aLinkToALowerFileThatTheSameLayerHidesKeepsIt() throws IOException {
    assertThat(tree(tar().file("a", "1"), tar().hardLink("b", "a").whiteout(".wh.a")))
        .containsExactly("/b '1'");
    assertThat(tree(tar().file("a", "1"), tar().whiteout(".wh.a").hardLink("b", "a")))
        .containsExactly("/b '1'");
  }

  @Test
  void aLinkToALowerFileThatTheSameLayerThenOverwritesKeepsIt() throws IOException {
    assertThat(tree(tar().file("a", "1"), tar().hardLink("b", "a").file("a", "2")))
        .containsExactly("/a '2'", "/b '1'");
  }

  @Test
  void aLinkToALowerFileThatALaterLayerHidesKeepsIt() throws IOException {
    assertThat(tree(tar().file("a", "1"), tar().hardLink("b", "a"), tar().whiteout(".wh.a")))
        .containsExactly("/b '1'");
    assertThat(tree(tar().file("d/a", "1"), tar().hardLink("b", "d/a"), tar().whiteout(".wh.d")))
        .containsExactly("/b '1'");
    assertThat(
            tree(
                tar().file("d/a", "1"),
                tar().hardLink("b", "d/a"),
                tar().whiteout("d/.wh..wh..opq")))
        .containsExactly("/b '1'", "/d/");
    assertThat(tree(tar().file("a", "1"), tar().hardLink("b", "a"), tar().file("a", "2")))
        .containsExactly("/a '2'", "/b '1'");
  }

  @Test
  void aLinkChainOverThreeLayers() throws IOException {
    assertThat(
            tree(
                tar().file("a", "1"),
                tar().hardLink("b", "a"),
                tar().hardLink("c", "b").whiteout(".wh.a"),
                tar().whiteout(".wh.b")))
        .containsExactly("/c '1'");
  }

  @Test
  void theTargetIsWhatTheLowerLayersLeft() throws IOException {
    assertThat(tree(tar().file("a", "old"), tar().file("a", "new"), tar().hardLink("b", "a")))
        .containsExactly("/a 'new'", "/b = /a");
    assertThat(failure(tar().file("a", "old"), tar().whiteout(".wh.a"), tar().hardLink("b", "a")))
        .contains("layer 3 of 3", "a", "b");
  }

  @Test
  void aTargetBelowADirectoryThatTheSameLayerMakes() throws IOException {
    // The layer's own tree has the directory but not the file: only a lower layer has that.
    assertThat(tree(tar().file("d/a", "1"), tar().directory("d").hardLink("d/b", "d/a")))
        .containsExactly("/d/", "/d/a '1'", "/d/b = /d/a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nope", "d/nope", "d/f/nope", "nope/nope"})
  void aMissingTargetIsAnError(String target) {
    assertThat(failure(tar().file("d/f", "1"), tar().hardLink("b", target)))
        .contains("layer 2 of 2")
        .contains("b")
        .contains(target);
    assertThat(failure(tar().file("d/f", "1").hardLink("b", target)))
        .contains("layer 1 of 1")
        .contains("b")
        .contains(target);
  }

  @Test
  void aTargetThatComesLaterIsMissing() {
    assertThat(failure(tar().hardLink("b", "a").file("a", "1"))).contains("layer 1 of 1", "a", "b");
  }

  @Test
  void aTargetThatALaterLayerHasIsMissing() {
    assertThat(failure(tar().hardLink("b", "a"), tar().file("a", "1")))
        .contains("layer 1 of 2", "a", "b");
  }

  @Test
  void aLinkToNothingThatIsHiddenAfterwardsIsStillAnError() {
    assertThat(failure(tar().hardLink("b", "nope"), tar().whiteout(".wh.b")))
        .contains("layer 1 of 2", "nope", "b");
  }

  @Test
  void aDirectoryCannotBeATarget() {
    assertThat(failure(tar().directory("d").hardLink("b", "d"))).contains("layer 1 of 1", "b");
    assertThat(failure(tar().directory("d"), tar().hardLink("b", "d")))
        .contains("layer 2 of 2", "b");
  }

  @Test
  void aLinkToASymlinkGivesASymlink() throws IOException {
    assertThat(tree(tar().file("f", "1").symlink("l", "f").hardLink("b", "l")))
        .containsExactly("/b -> f", "/f '1'", "/l = /b");
    assertThat(tree(tar().symlink("l", "f"), tar().hardLink("b", "l")))
        .containsExactly("/b -> f", "/l = /b");
    assertThat(tree(tar().symlink("l", "f"), tar().hardLink("b", "l"), tar().whiteout(".wh.l")))
        .containsExactly("/b -> f");
  }

  @Test
  void aLinkToADeviceGivesADevice() throws IOException {
    var image = convert(tar().add(new TarEntry('3', "a").device(1, 3)).hardLink("b", "a"));
    assertThat(image.annex().specialFiles()).extracting("path").containsExactly("/a", "/b");
  }

  @Test
  void aLaterOverwriteInTheSameLayerLeavesTheOthersAlone() throws IOException {
    assertThat(tree(tar().file("a", "1").hardLink("b", "a").file("a", "2")))
        .containsExactly("/a '2'", "/b '1'");
    assertThat(tree(tar().file("a", "1").hardLink("b", "a").file("b", "2")))
        .containsExactly("/a '1'", "/b '2'");
    assertThat(tree(tar().file("d/a", "1").hardLink("b", "d/a").file("d", "2")))
        .containsExactly("/b '1'", "/d '2'");
  }

  /** containerd, Podman and umoci remove what stands in the link's place, and find no target. */
  @ParameterizedTest
  @ValueSource(strings = {"d/a", "/d/a", "./d/x/../a", "l/a"})
  void aLinkToItselfIsAnError(String target) {
    String message =
        "hard link d/a to "
            + target
            + ": expected another file as its target, but the link takes that one's place";
    TarBuilder lower = tar().file("d/a", "1");
    assertThat(failure(tar().file("d/a", "1").symlink("l", "d").hardLink("d/a", target)))
        .contains("layer 1 of 1", message);
    assertThat(failure(lower, tar().symlink("l", "d").hardLink("d/a", target)))
        .contains("layer 2 of 2", message);
  }

  @Test
  void aLinkToWhatIsBelowItIsAnError() {
    assertThat(failure(tar().file("d/a", "1").hardLink("d", "d/a")))
        .contains("layer 1 of 1", "hard link d to d/a", "takes that one's place");
    assertThat(failure(tar().file("d/a", "1"), tar().hardLink("d", "d/a")))
        .contains("layer 2 of 2", "hard link d to d/a", "takes that one's place");
  }

  @Test
  void aLinkOverAnotherFileReplacesIt() throws IOException {
    assertThat(tree(tar().file("a", "1").file("b", "2").hardLink("b", "a")))
        .containsExactly("/a '1'", "/b = /a");
    assertThat(tree(tar().file("a", "1").file("b/x", "2"), tar().hardLink("b", "a")))
        .containsExactly("/a '1'", "/b = /a");
  }

  @Test
  void aLinkToALowerFileFromASecondNameIsTheSameInode() throws IOException {
    assertThat(
            tree(
                tar().file("a", "1").hardLink("a2", "a"),
                tar().hardLink("b", "a").hardLink("c", "a2")))
        .containsExactly("/a '1'", "/a2 = /a", "/b = /a", "/c = /a");
  }

  /** Which of three names a newer layer hides, and how. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void hidingSomeNamesLeavesTheOthers(int hidden) throws IOException {
    String[] names = {"a", "b", "c"};
    TarBuilder whiteouts = tar();
    TarBuilder files = tar();
    TarBuilder directories = tar();
    StringBuilder visible = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      if ((hidden & 1 << i) != 0) {
        whiteouts.whiteout("d/.wh." + names[i]);
        files.file("d/" + names[i], "new");
        directories.file("d/" + names[i] + "/in", "new");
      } else {
        visible.append(names[i]);
      }
    }
    TarBuilder lower = tar().file("d/a", "linked").hardLink("d/b", "d/a").hardLink("d/c", "d/b");
    for (TarBuilder upper : new TarBuilder[] {whiteouts, files, directories}) {
      ConvertedImage image = convert(lower, upper);
      for (char name : visible.toString().toCharArray()) {
        assertThat(image.inode("/d/" + name))
            .isEqualTo(image.inode("/d/" + visible.charAt(0)))
            .matches(inode -> inode.nlink() == visible.length() && inode.size() == 6);
      }
      assertThat(image.tree().stream().filter(line -> line.endsWith("'linked'")))
          .hasSize(visible.isEmpty() ? 0 : 1);
    }
  }

  /** The first name is hidden while its layer is read, before the second name is known. */
  @Test
  void hiddenUnderTheNameThatCarriesTheData() throws IOException {
    assertThat(
            tree(
                tar()
                    .file("x/a", "one")
                    .file("x/b", "two")
                    .hardLink("k", "x/b")
                    .hardLink("l", "x/a"),
                tar().whiteout(".wh.x"),
                tar().file("y", "three")))
        .containsExactly("/k 'two'", "/l 'one'", "/y 'three'");
  }

  @Test
  void hiddenInSeveralLayersAtOnce() throws IOException {
    assertThat(
            tree(
                tar().file("x/a", "one").hardLink("k", "x/a"),
                tar().file("x/b", "two").hardLink("l", "x/b").hardLink("m", "x/a"),
                tar().file("x", "new")))
        .containsExactly("/k 'one'", "/l 'two'", "/m = /k", "/x 'new'");
  }

  @Test
  void aHiddenFileThatIsOverwrittenInItsOwnLayerTwice() throws IOException {
    assertThat(
            tree(
                tar()
                    .file("x", "one")
                    .hardLink("k1", "x")
                    .file("x", "two")
                    .hardLink("k2", "x")
                    .file("x", "three"),
                tar().whiteout(".wh.x")))
        .containsExactly("/k1 'one'", "/k2 'two'");
  }

  @Test
  void everythingHiddenLeavesNoInode() throws IOException {
    ConvertedImage image =
        convert(tar().file("a", "1").hardLink("b", "a"), tar().whiteout(".wh.a").whiteout(".wh.b"));
    assertThat(image.tree()).isEmpty();
    assertThat(image.result().regularFiles()).isZero();
    assertThat(image.result().storedBytes()).isZero();
  }
}

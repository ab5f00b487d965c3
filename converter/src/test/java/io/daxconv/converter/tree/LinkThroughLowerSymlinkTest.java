package io.daxconv.converter.tree;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarBuilder;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hard links to a path on which a lower layer has a symlink: it is followed, inside the root. */
class LinkThroughLowerSymlinkTest extends ConversionTest {

  @ParameterizedTest
  @ValueSource(strings = {"d", "/d", "./d/", "../../d", "/../d", "x/../d", "e/to-d"})
  void isFollowedInsideTheRoot(String target) throws IOException {
    TarBuilder lower = tar().file("d/a", "1").symlink("e/to-d", "../d").directory("x");
    assertThat(tree(lower.symlink("l", target), tar().hardLink("b", "l/a")))
        .contains("/b '1'", "/d/a = /b");
  }

  @Test
  void theTargetMayBeInAnotherLayerThanTheSymlink() throws IOException {
    assertThat(tree(tar().file("d/a", "1"), tar().symlink("l", "d"), tar().hardLink("b", "l/a")))
        .containsExactly("/b '1'", "/d/", "/d/a = /b", "/l -> d");
    assertThat(tree(tar().symlink("l", "d"), tar().file("d/a", "1"), tar().hardLink("b", "l/a")))
        .containsExactly("/b '1'", "/d/", "/d/a = /b", "/l -> d");
  }

  @Test
  void theNewestBelowTheLinkIsMeant() throws IOException {
    assertThat(
            tree(
                tar().file("d/a", "old").symlink("l", "d"),
                tar().file("d/a", "new"),
                tar().hardLink("b", "l/a"),
                tar().file("d/a", "newest")))
        .containsExactly("/b 'new'", "/d/", "/d/a 'newest'", "/l -> d");
    assertThat(
            tree(
                tar().file("d/a", "d").file("e/a", "e").symlink("l", "d"),
                tar().symlink("l", "e"),
                tar().hardLink("b", "l/a"),
                tar().symlink("l", "d")))
        .containsExactly("/b 'e'", "/d/", "/d/a 'd'", "/e/", "/e/a = /b", "/l -> d");
  }

  @Test
  void whatALaterLayerHidesIsKept() throws IOException {
    assertThat(
            tree(
                tar().file("d/a", "1").symlink("l", "d"),
                tar().hardLink("b", "l/a"),
                tar().whiteout(".wh.l").whiteout(".wh.d")))
        .containsExactly("/b '1'");
    assertThat(
            tree(
                tar().file("d/a", "1").symlink("l", "d"),
                tar().hardLink("b", "l/a").whiteout(".wh.d").whiteout(".wh.l")))
        .containsExactly("/b '1'");
  }

  @Test
  void whatALayerBelowHidesIsNotThere() {
    TarBuilder lower = tar().file("d/a", "1").symlink("l", "d");
    TarBuilder link = tar().hardLink("b", "l/a");
    assertThat(failure(lower, tar().whiteout("d/.wh.a"), link)).contains("layer 3 of 3", "l/a");
    assertThat(failure(lower, tar().whiteout("d/.wh..wh..opq"), link)).contains("layer 3 of 3");
    assertThat(failure(lower, tar().whiteout(".wh.d"), link)).contains("layer 3 of 3");
    assertThat(failure(lower, tar().whiteout(".wh.l"), link)).contains("layer 3 of 3");
    assertThat(failure(lower, tar().file("d", "2"), link)).contains("layer 3 of 3");
  }

  @Test
  void itMayLeadToWhatTheLinksLayerHasMadeBefore() throws IOException {
    assertThat(tree(tar().symlink("l", "d"), tar().file("d/a", "1").hardLink("b", "l/a")))
        .containsExactly("/b '1'", "/d/", "/d/a = /b", "/l -> d");
    assertThat(failure(tar().symlink("l", "d"), tar().hardLink("b", "l/a").file("d/a", "1")))
        .contains("layer 2 of 2", "l/a");
    assertThat(
            tree(
                tar().file("d/a", "old").symlink("l", "d"),
                tar().hardLink("b", "l/a").file("d/a", "new")))
        .containsExactly("/b 'old'", "/d/", "/d/a 'new'", "/l -> d");
  }

  @Test
  void aDirectoryOfTheLinksLayerReplacesTheSymlinkFirst() {
    TarBuilder lower = tar().file("d/a", "1").symlink("l", "d");
    assertThat(failure(lower, tar().directory("l").hardLink("b", "l/a")))
        .contains("layer 2 of 2", "hard link b to l/a", "found nothing at /l/a");
  }

  @Test
  void theSymlinkMayHaveASecondName() throws IOException {
    assertThat(
            tree(
                tar().file("d/a", "1").symlink("l", "d"),
                tar().hardLink("m", "l"),
                tar().hardLink("b", "m/a")))
        .containsExactly("/b '1'", "/d/", "/d/a = /b", "/l -> d", "/m = /l");
  }

  @Test
  void linksThroughSymlinksMayStandOnEachOther() throws IOException {
    // x/n is a symlink to ../d, so k/n/a goes by x and d to the file.
    assertThat(
            tree(
                tar().file("d/a", "1").symlink("l", "d").symlink("d/m", "../d"),
                tar().hardLink("x/b", "l/a").hardLink("x/n", "l/m"),
                tar().symlink("k", "x"),
                tar().hardLink("c", "k/b").hardLink("e", "k/n/a")))
        .contains("/c '1'", "/d/a = /c", "/e = /c", "/x/b = /c");
  }

  @Test
  void aPathThroughALinkToALowerSymlinkIsAnError() {
    // Layers are read from the newest down: what the link is, is not known yet.
    assertThat(failure(tar().symlink("l", "d"), tar().hardLink("m", "l").file("m/a", "1")))
        .contains(
            "layer 2 of 2",
            "path m/a: expected /m to be a directory, but this layer has it as a hard link");
  }

  @Test
  void aSymlinkAtTheEndIsTheTargetItself() throws IOException {
    assertThat(tree(tar().symlink("d/s", "a").symlink("l", "d"), tar().hardLink("b", "l/s")))
        .containsExactly("/b -> a", "/d/", "/d/s = /b", "/l -> d");
  }

  @ParameterizedTest
  @ValueSource(strings = {"l", "m", "/m/../l", "l/x"})
  void aLoopIsAnError(String target) {
    TarBuilder lower = tar().symlink("l", target).symlink("m", "l");
    assertThat(failure(lower, tar().hardLink("b", "l/a")))
        .contains("layer 2 of 2", "hard link b to l/a", "symlink loop");
  }

  @Test
  void aTargetThatIsNotThereOrIsADirectoryIsAnError() {
    TarBuilder lower = tar().directory("d/e").file("f", "1").symlink("l", "d").symlink("g", "f");
    assertThat(failure(lower, tar().hardLink("b", "l/nope")))
        .contains("layer 2 of 2", "hard link b to l/nope", "found nothing");
    assertThat(failure(lower, tar().hardLink("b", "l/e"))).contains("layer 2 of 2", "a directory");
    assertThat(failure(lower, tar().hardLink("b", "g/x"))).contains("layer 2 of 2", "nothing");
    assertThat(failure(lower, tar().hardLink("b", "f/x"))).contains("layer 2 of 2", "nothing");
  }
}

package io.daxconv.converter.tree;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries of the same directory behind each other, and what must make one look again. */
class KnownParentTest extends ConversionTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static @Nullable Name last(String before, String path) {
    KnownParent known =
        KnownParent.of(bytes(before), List.of(new Name(bytes("d"))), Directory.implied());
    return known == null ? null : known.last(bytes(path));
  }

  @Test
  void theSameParentIsKnown() {
    assertThat(last("d/a", "d/bc")).isEqualTo(new Name(bytes("bc")));
    assertThat(last("./d//a", "./d//a")).isEqualTo(new Name(bytes("a")));
    assertThat(last("a", "bc")).isEqualTo(new Name(bytes("bc")));
    assertThat(last("d/a", "d/" + "n".repeat(255))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "d", "d/", "e/b", "dd/b", "d/b/", "d/b/c", "d//b", "d/.", "d/..", "d/.wh.b", "d/b\0",
        "/d/b"
      })
  void whatReadsOtherwiseIsNot(String path) {
    assertThat(last("d/a", path)).isNull();
  }

  @Test
  void whatMayBeTooLongIsNot() {
    assertThat(last("d/a", "d/" + "n".repeat(256))).isNull();
    assertThat(last("/".repeat(4000) + "a", "/".repeat(4000) + "n".repeat(200))).isNull();
  }

  @Test
  void aPathThatEndsWithASlashIsNoGuide() {
    assertThat(last("d/", "d/a")).isNull();
  }

  @Test
  void aSymlinkInPlaceOfTheParentIsFollowed() throws IOException {
    assertThat(tree(tar().file("d/a", "1").symlink("d", "e").file("d/b", "2")))
        .containsExactly("/d -> e", "/e/", "/e/b '2'");
  }

  @Test
  void aHardLinkToASymlinkInPlaceOfTheParentIsFollowed() throws IOException {
    assertThat(tree(tar().symlink("s", "e").file("d/a", "1").hardLink("d", "s").file("d/b", "2")))
        .containsExactly("/d -> e", "/e/", "/e/b '2'", "/s = /d");
  }

  @Test
  void aSymlinkOnTheWayOfAnotherSymlinkIsFollowed() throws IOException {
    assertThat(
            tree(
                tar()
                    .symlink("l", "nope/../real")
                    .file("l/a", "1")
                    .symlink("nope", "d/e")
                    .file("l/b", "2")))
        .containsExactly(
            "/d/",
            "/d/real/",
            "/d/real/b '2'",
            "/l -> nope/../real",
            "/nope -> d/e",
            "/real/",
            "/real/a '1'");
  }

  @Test
  void aFileInPlaceOfTheParentIsNoDirectory() {
    assertThat(failure(tar().file("d/a", "1").file("d", "2").file("d/b", "3")))
        .contains("d/b", "expected /d to be a directory");
  }

  @Test
  void aSymlinkInTheParentItselfIsSeen() throws IOException {
    assertThat(tree(tar().file("d/a", "1").symlink("d/l", "x").file("d/l/f", "2").file("d/b", "3")))
        .containsExactly("/d/", "/d/a '1'", "/d/b '3'", "/d/l -> x", "/d/x/", "/d/x/f '2'");
  }
}

package io.daxconv.converter.tree;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarEntry;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Directories that no entry makes, and whose metadata a directory has. */
class ImpliedDirectoryTest extends ConversionTest {

  @Test
  void missingParentsAreMade() throws IOException {
    assertThat(convert(tar().add(TarEntry.file("a/b/f", "1").owner(7, 8))).details())
        .containsExactly("/ d 0755 0:0", "/a d 0755 0:0", "/a/b d 0755 0:0", "/a/b/f f 0644 7:8");
  }

  @Test
  void anEntryThatComesLaterSetsTheMetadata() throws IOException {
    assertThat(
            convert(tar().file("a/b/f", "1").add(TarEntry.directory("a").mode(02750).owner(1, 2)))
                .details())
        .containsExactly("/ d 0755 0:0", "/a d 2750 1:2", "/a/b d 0755 0:0", "/a/b/f f 0644 0:0");
  }

  @Test
  void anImpliedDirectoryLeavesTheLowerMetadata() throws IOException {
    assertThat(
            convert(
                    tar().add(TarEntry.directory("a").mode(0700).owner(1, 2)),
                    tar().file("a/f", "1"),
                    tar().file("a/g", "2"))
                .detail("/a"))
        .isEqualTo("/a d 0700 1:2");
  }

  @Test
  void anEntryOfTheUpperLayerSetsTheMetadata() throws IOException {
    assertThat(
            convert(
                    tar().add(TarEntry.directory("a").mode(0700).owner(1, 2)).file("a/f", "1"),
                    tar().add(TarEntry.directory("a").mode(01777).owner(3, 4)))
                .details())
        .containsExactly("/ d 0755 0:0", "/a d 1777 3:4", "/a/f f 0644 0:0");
  }

  @Test
  void anEntryBetweenTwoImpliedOnesSetsTheMetadata() throws IOException {
    assertThat(
            convert(
                    tar().file("a/f", "1"),
                    tar().add(TarEntry.directory("a").mode(0711).owner(3, 4)),
                    tar().file("a/g", "2"))
                .details())
        .containsExactly("/ d 0755 0:0", "/a d 0711 3:4", "/a/f f 0644 0:0", "/a/g f 0644 0:0");
  }

  @Test
  void anImpliedDirectoryOverAFileIsMadeAnew() throws IOException {
    assertThat(
            convert(
                    tar().add(TarEntry.directory("a").mode(0700).owner(1, 2)),
                    tar().file("a", "a file"),
                    tar().file("a/f", "1"))
                .details())
        .containsExactly("/ d 0755 0:0", "/a d 0755 0:0", "/a/f f 0644 0:0");
  }

  @Test
  void anImpliedDirectoryAfterAWhiteoutIsMadeAnew() throws IOException {
    assertThat(
            convert(
                    tar().add(TarEntry.directory("a").mode(0700).owner(1, 2)).file("a/old", ""),
                    tar().whiteout(".wh.a"),
                    tar().file("a/f", "1"))
                .details())
        .containsExactly("/ d 0755 0:0", "/a d 0755 0:0", "/a/f f 0644 0:0");
  }

  @Test
  void anOpaqueDirectoryWithoutAnEntryKeepsTheLowerMetadata() throws IOException {
    assertThat(
            convert(
                    tar().add(TarEntry.directory("a").mode(0700).owner(1, 2)).file("a/old", ""),
                    tar().whiteout("a/.wh..wh..opq").file("a/new", ""))
                .details())
        .containsExactly("/ d 0755 0:0", "/a d 0700 1:2", "/a/new f 0644 0:0");
  }

  @Test
  void aPathThroughAFileOfTheSameLayerIsAnError() {
    assertThat(failure(tar().file("a", "").file("a/f", "1"))).contains("layer 1 of 1", "a/f");
    assertThat(failure(tar().add(new TarEntry('6', "a")).file("a/b/f", "1")))
        .contains("layer 1 of 1", "a/b/f");
  }

  @Test
  void aPathThroughAFileOfALowerLayerReplacesTheFile() throws IOException {
    assertThat(tree(tar().file("a", "1"), tar().file("a/f", "2")))
        .containsExactly("/a/", "/a/f '2'");
  }
}

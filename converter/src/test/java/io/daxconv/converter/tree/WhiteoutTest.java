package io.daxconv.converter.tree;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hides what. */
class WhiteoutTest extends ConversionTest {
  private static TarBuilder base() {
    return tar().file("d/a", "1").file("d/b", "2").file("d/sub/c", "3").file("f", "4");
  }

  @Test
  void hidesAFile() throws IOException {
    assertThat(tree(base(), tar().whiteout(".wh.f")))
        .containsExactly("/d/", "/d/a '1'", "/d/b '2'", "/d/sub/", "/d/sub/c '3'");
  }

  @Test
  void hidesADirectoryAndAllBelowIt() throws IOException {
    assertThat(tree(base(), tar().whiteout(".wh.d"))).containsExactly("/f '4'");
    assertThat(tree(base(), tar().whiteout("d/.wh.sub")))
        .containsExactly("/d/", "/d/a '1'", "/d/b '2'", "/f '4'");
  }

  /** Marks speak of the lower layers, whatever their own layer makes of the directory meanwhile. */
  @ParameterizedTest
  @ValueSource(strings = {"d/.wh.a", "d/.wh..wh..opq"})
  void holdsAlthoughItsDirectoryIsReplacedAndMadeAnew(String whiteout) throws IOException {
    TarBuilder lower = tar().file("d/a", "1");

    assertThat(tree(lower, tar().whiteout(whiteout).file("d", "2").directory("d")))
        .containsExactly("/d/");
    assertThat(tree(lower, tar().file("d", "2").whiteout(whiteout).directory("d")))
        .containsExactly("/d/");
    assertThat(tree(lower, tar().file("d", "2").directory("d").whiteout(whiteout)))
        .containsExactly("/d/");
    assertThat(tree(lower, tar().directory("d").whiteout(whiteout).file("d", "2")))
        .containsExactly("/d '2'");
  }

  @Test
  void hidesAllLowerLayersAtOnce() throws IOException {
    assertThat(
            tree(
                tar().file("d/a", "1"),
                tar().file("d/b", "2"),
                tar().file("x", ""),
                tar().whiteout(".wh.d")))
        .containsExactly("/x ''");
  }

  @Test
  void hidesSymlinksAndNotTheirTargets() throws IOException {
    assertThat(tree(tar().file("t", "1").symlink("l", "t"), tar().whiteout(".wh.l")))
        .containsExactly("/t '1'");
  }

  @Test
  void hidesADevice() throws IOException {
    var image =
        convert(tar().add(new TarEntry('3', "null").device(1, 3)), tar().whiteout(".wh.null"));
    assertThat(image.annex().specialFiles()).isEmpty();
  }

  @Test
  void aLaterLayerBringsItBackAlone() throws IOException {
    assertThat(tree(base(), tar().whiteout(".wh.d"), tar().file("d/new", "5")))
        .containsExactly("/d/", "/d/new '5'", "/f '4'");
  }

  @Test
  void aWhiteoutBelowAWhiteoutChangesNothing() throws IOException {
    assertThat(tree(base(), tar().whiteout(".wh.d"), tar().whiteout("d/.wh.a")))
        .containsExactly("/f '4'");
  }

  @Test
  void neverHidesAFileOfItsOwnLayerInEitherOrder() throws IOException {
    assertThat(tree(base(), tar().whiteout(".wh.f").file("f", "new"))).contains("/f 'new'");
    assertThat(tree(base(), tar().file("f", "new").whiteout(".wh.f"))).contains("/f 'new'");
  }

  @Test
  void aDirectoryOfTheSameNameStartsEmptyInEitherOrder() throws IOException {
    TarEntry own = TarEntry.directory("d").mode(0711);
    for (TarBuilder upper :
        new TarBuilder[] {
          tar().whiteout(".wh.d").add(own).file("d/new", "5"),
          tar().add(own).file("d/new", "5").whiteout(".wh.d"),
          tar().add(own).whiteout(".wh.d").file("d/new", "5"),
        }) {
      var image = convert(base(), upper);
      assertThat(image.tree()).containsExactly("/d/", "/d/new '5'", "/f '4'");
      assertThat(image.detail("/d")).isEqualTo("/d d 0711 0:0");
    }
  }

  @Test
  void anImpliedDirectoryOfTheSameNameStartsEmptyWithMetadataOfItsOwn() throws IOException {
    TarBuilder lower = tar().add(TarEntry.directory("d").mode(0700).owner(1, 2)).file("d/old", "");
    for (TarBuilder upper :
        new TarBuilder[] {
          tar().whiteout(".wh.d").file("d/new", "5"), tar().file("d/new", "5").whiteout(".wh.d")
        }) {
      assertThat(convert(lower, upper).details())
          .containsExactly("/ d 0755 0:0", "/d d 0755 0:0", "/d/new f 0644 0:0");
    }
  }

  @Test
  void aWhiteoutOfNothingIsNothing() throws IOException {
    assertThat(tree(base(), tar().whiteout(".wh.nothing"), tar().whiteout("d/.wh.nothing")))
        .isEqualTo(tree(base()));
    assertThat(tree(tar().whiteout(".wh.nothing"))).isEmpty();
  }

  @Test
  void aWhiteoutMakesNoParents() throws IOException {
    assertThat(tree(base(), tar().whiteout("not/there/.wh.x"))).isEqualTo(tree(base()));
    assertThat(tree(tar().symlink("l", "d").file("d/f", ""), tar().whiteout("l/.wh.f")))
        .containsExactly("/d/", "/d/f ''", "/l -> d");
  }

  @Test
  void aWhiteoutBelowAFileOfALowerLayerIsAWhiteoutOfNothing() throws IOException {
    assertThat(tree(base(), tar().whiteout("f/.wh.x"))).isEqualTo(tree(base()));
  }

  @Test
  void aWhiteoutDoesNotReachBehindAFileThatTheSameLayerMakes() throws IOException {
    assertThat(tree(base(), tar().whiteout("d/.wh.a").file("d", "file")))
        .containsExactly("/d 'file'", "/f '4'");
  }

  @Test
  void whiteoutsOutliveNothingTheyAreNotIn() throws IOException {
    assertThat(tree(tar().whiteout(".wh.f"), tar().file("f", "1"))).containsExactly("/f '1'");
  }

  @ParameterizedTest
  @ValueSource(strings = {".wh.", "d/.wh.", ".wh..", ".wh...", "d/.wh..", "d/.wh..."})
  void aWhiteoutWithoutANameIsAnError(String name) {
    assertThat(failure(base(), tar().whiteout(name))).contains("layer 2 of 2").contains(name);
  }

  @Test
  void whatIsHiddenMayLookLikeAWhiteout() throws IOException {
    assertThat(
            tree(
                tar().file(".a", "").file("..b", ""), tar().whiteout(".wh..a").whiteout(".wh...b")))
        .isEmpty();
  }

  @Test
  void hidesANameOf255Bytes() throws IOException {
    String longest = "n".repeat(255);
    assertThat(
            tree(
                tar().add(TarEntry.file("short", "").pax("path", longest)).file("f", ""),
                tar().add(TarEntry.file("short", "").pax("path", ".wh." + longest))))
        .containsExactly("/f ''");
  }

  @Test
  void namesOf256BytesCannotBeHiddenEither() {
    String name = ".wh." + "n".repeat(256);
    assertThat(failure(tar().add(TarEntry.file("short", "").pax("path", name))))
        .contains("layer 1 of 1")
        .contains("255");
  }

  @Test
  void opaqueHidesAllLowerChildren() throws IOException {
    assertThat(tree(base(), tar().file("d/b2", "x"), tar().whiteout("d/.wh..wh..opq")))
        .containsExactly("/d/", "/f '4'");
  }

  @Test
  void opaqueNeverHidesItsOwnLayerInWhicheverOrder() throws IOException {
    for (TarBuilder upper :
        new TarBuilder[] {
          tar().directory("d").whiteout("d/.wh..wh..opq").file("d/a", "new").file("d/sub/x", "9"),
          tar().file("d/sub/x", "9").file("d/a", "new").whiteout("d/.wh..wh..opq").directory("d"),
          tar().file("d/sub/x", "9").whiteout("d/.wh..wh..opq").file("d/a", "new"),
        }) {
      assertThat(tree(base(), upper))
          .containsExactly("/d/", "/d/a 'new'", "/d/sub/", "/d/sub/x '9'", "/f '4'");
    }
  }

  @Test
  void opaqueAtTheRoot() throws IOException {
    assertThat(tree(base(), tar().whiteout(".wh..wh..opq").file("new", "1")))
        .containsExactly("/new '1'");
    assertThat(tree(base(), tar().file("new", "1").whiteout("./.wh..wh..opq")))
        .containsExactly("/new '1'");
  }

  @Test
  void opaqueLeavesLaterLayersAlone() throws IOException {
    assertThat(tree(base(), tar().whiteout("d/.wh..wh..opq"), tar().file("d/z", "1")))
        .containsExactly("/d/", "/d/z '1'", "/f '4'");
  }

  @Test
  void opaqueInADirectoryThatIsReplacedInTheSameLayerGoesWithIt() throws IOException {
    assertThat(tree(base(), tar().whiteout("d/.wh..wh..opq").file("d", "file").directory("d")))
        .contains("/d/", "/f '4'");
  }

  @Test
  void aWhiteoutMayHaveAnyTypeAndData() throws IOException {
    assertThat(
            tree(
                base(),
                tar()
                    .file("d/.wh.a", "data that means nothing")
                    .hardLink("d/.wh.b", "d/.wh.a")
                    .file(".wh.f", "")))
        .containsExactly("/d/", "/d/sub/", "/d/sub/c '3'");
  }

  @Test
  void aufsOwnNamesAreLeftOut() throws IOException {
    assertThat(
            tree(
                base(),
                tar()
                    .file(".wh..wh.aufs", "")
                    .directory(".wh..wh.plnk")
                    .file(".wh..wh.plnk/12.34", "pseudo-link")
                    .directory(".wh..wh.orph")
                    .file(".wh..wh.orph/deep/er", "orphan")
                    .file("new", "1")))
        .containsExactly(
            "/d/", "/d/a '1'", "/d/b '2'", "/d/sub/", "/d/sub/c '3'", "/f '4'", "/new '1'");
  }

  @Test
  void aZeroZeroCharacterDeviceIsADevice() throws IOException {
    var image = convert(base(), tar().add(new TarEntry('3', "f").device(0, 0).mode(0)));
    assertThat(image.tree())
        .containsExactly("/d/", "/d/a '1'", "/d/b '2'", "/d/sub/", "/d/sub/c '3'");
    assertThat(image.annex().specialFiles())
        .singleElement()
        .satisfies(
            device -> {
              assertThat(device.path()).isEqualTo("/f");
              assertThat(device.type()).isEqualTo("character-device");
              assertThat(device.major()).isZero();
              assertThat(device.minor()).isZero();
            });
  }
}

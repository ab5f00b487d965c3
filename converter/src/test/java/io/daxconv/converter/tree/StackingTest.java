package io.daxconv.converter.tree;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One layer over the lower ones. */
class StackingTest extends ConversionTest {

  @Test
  void directoriesAreMerged() throws IOException {
    assertThat(
            tree(
                tar().file("d/a", "1").file("d/e/x", "2"),
                tar().file("d/b", "3").file("d/e/y", "4"),
                tar().file("d/a", "5")))
        .containsExactly("/d/", "/d/a '5'", "/d/b '3'", "/d/e/", "/d/e/x '2'", "/d/e/y '4'");
  }

  /** Each kind over each other: the newer one is all there is. */
  @Test
  void anythingButADirectoryReplacesWhatWasThere() throws IOException {
    List<TarBuilder> kinds =
        List.of(
            tar().file("p", "file"),
            tar().symlink("p", "target"),
            tar().directory("p").file("p/in", "child"),
            tar().add(new TarEntry('6', "p")));
    List<List<String>> alone =
        List.of(
            List.of("/p 'file'"),
            List.of("/p -> target"),
            List.of("/p/", "/p/in 'child'"),
            List.of());
    for (int upper = 0; upper < kinds.size(); upper++) {
      for (TarBuilder lower : kinds) {
        assertThat(tree(lower, kinds.get(upper))).isEqualTo(alone.get(upper));
      }
    }
  }

  @Test
  void aDirectoryAfterAFileOverADirectoryStartsEmpty() throws IOException {
    for (TarEntry between :
        new TarEntry[] {
          TarEntry.file("d", "1"), TarEntry.symlink("d", "x"), new TarEntry('4', "d").device(8, 0)
        }) {
      assertThat(tree(tar().file("d/old", ""), tar().add(between), tar().file("d/new", "2")))
          .containsExactly("/d/", "/d/new '2'");
    }
  }

  @Test
  void aDirectoryOverAFileHidesWhatTheFileHid() throws IOException {
    assertThat(
            tree(
                tar().file("d/old/x", ""),
                tar().file("d", "file"),
                tar().directory("d"),
                tar().directory("d/old")))
        .containsExactly("/d/", "/d/old/");
  }

  @Test
  void metadataOfAFileComesWithTheFile() throws IOException {
    assertThat(
            convert(
                    tar().add(TarEntry.file("f", "1").mode(04755).owner(1, 2)),
                    tar().add(TarEntry.file("f", "1").mode(0640).owner(3, 4)))
                .detail("/f"))
        .isEqualTo("/f f 0640 3:4");
  }

  @Test
  void setUserIdSetGroupIdAndStickyBitsStay() throws IOException {
    assertThat(
            convert(
                    tar()
                        .add(TarEntry.file("su", "").mode(04755))
                        .add(TarEntry.file("sg", "").mode(02755))
                        .add(TarEntry.directory("tmp").mode(01777)))
                .details())
        .containsExactly("/ d 0755 0:0", "/sg f 2755 0:0", "/su f 4755 0:0", "/tmp d 1777 0:0");
  }

  @Test
  void fileTypeBitsInTheModeFieldMeanNothing() throws IOException {
    assertThat(convert(tar().add(TarEntry.file("f", "").mode(0100644))).detail("/f"))
        .isEqualTo("/f f 0644 0:0");
  }

  @Test
  void aHundredAndThirtyLayers() throws IOException {
    List<TarBuilder> layers = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 130; i++) {
      TarBuilder layer = tar().file("f", Integer.toString(i)).file("d/" + (1000 + i), "x");
      if (i > 0 && i % 2 == 0) {
        layer.whiteout("d/.wh." + (1000 + i - 1));
      }
      layers.add(layer);
      if (i % 2 == 0 || i == 129) {
        expected.add("/d/" + (1000 + i) + " 'x'");
      }
    }
    expected.addFirst("/d/");
    expected.add("/f '129'");
    assertThat(tree(layers.toArray(TarBuilder[]::new))).isEqualTo(expected);
  }
}

package io.daxconv.converter.layer;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tars that claim what is not so, or more than anybody needs. */
class HostileTarTest extends ConversionTest {
  @ParameterizedTest
  @ValueSource(strings = {"0", "2", "100000"})
  void aSparseSizeWithoutAMapMeansNothing(String size) throws IOException {
    assertThat(
            tree(
                tar().add(TarEntry.file("f", "12345").pax("GNU.sparse.size", size)).file("g", "1")))
        .containsExactly("/f '12345'", "/g '1'");
  }

  @Test
  void aHoleBeyondAllMeasureIsAnError() {
    assertThat(
            failure(
                tar()
                    .add(
                        TarEntry.file("f", "")
                            .pax("GNU.sparse.map", "0,0")
                            .pax("GNU.sparse.size", Long.toString(Long.MAX_VALUE)))))
        .contains("f: expected at most 68719476736 bytes in one file, found 9223372036854775807");
  }

  @Test
  void anXattrThatLinuxCannotStoreIsAnError() {
    assertThat(failure(tar().add(TarEntry.file("f", "").xattr("user.a", new byte[100_000]))))
        .contains("SCHILY.xattr.user.a", "found 100000");
  }

  @Test
  void keysThatNobodyAsksForCostNothing() throws IOException {
    TarBuilder tar = tar();
    for (int i = 0; i < 30; i++) {
      tar.globalPax("unknown" + i, new byte[1 << 19]);
    }

    assertThat(tree(tar.file("f", "1"))).containsExactly("/f '1'");
  }

  @Test
  void onlyTheLastNameOfAPathMayBeAWhiteout() throws IOException {
    String parent = ".wh." + "n".repeat(252);
    assertThat(failure(tar().add(TarEntry.file(parent + "/file", "1").gnuLongNames())))
        .contains("name too long: expected at most 255 bytes, found 256");
    String whiteout = ".wh." + "n".repeat(255);
    assertThat(tree(tar().add(TarEntry.file(whiteout, "").gnuLongNames()).file("f", "1")))
        .containsExactly("/f '1'");
  }
}

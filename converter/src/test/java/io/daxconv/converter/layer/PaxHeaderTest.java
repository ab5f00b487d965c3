package io.daxconv.converter.layer;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarEntry;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Extended headers: for one entry ({@code x}), and for all that follow ({@code g}). */
class PaxHeaderTest extends ConversionTest {

  @Test
  void aHeaderHoldsForOneEntry() throws IOException {
    assertThat(
            convert(
                    tar()
                        .add(TarEntry.file("a", "").pax("uid", "5").pax("path", "b"))
                        .file("c", ""))
                .details())
        .containsExactly("/ d 0755 0:0", "/b f 0644 5:0", "/c f 0644 0:0");
  }

  @Test
  void aGlobalHeaderHoldsForAllThatFollow() throws IOException {
    assertThat(
            convert(
                    tar()
                        .file("a", "")
                        .globalPax("uid", "5".getBytes(UTF_8))
                        .file("b", "")
                        .globalPax("gid", "6".getBytes(UTF_8))
                        .file("c", "")
                        .add(TarEntry.file("d", "").pax("uid", "7"))
                        .globalPax("uid", "8".getBytes(UTF_8))
                        .file("e", ""))
                .details())
        .containsExactly(
            "/ d 0755 0:0",
            "/a f 0644 0:0",
            "/b f 0644 5:0",
            "/c f 0644 5:6",
            "/d f 0644 7:6",
            "/e f 0644 8:6");
  }

  @Test
  void anEmptyValueTakesARecordBack() throws IOException {
    assertThat(
            convert(
                    tar()
                        .globalPax("uid", "5".getBytes(UTF_8))
                        .add(TarEntry.file("a", "").owner(1, 2).pax("uid", ""))
                        .file("b", "")
                        .globalPax("uid", new byte[0])
                        .add(TarEntry.file("c", "").owner(3, 4)))
                .details())
        .containsExactly("/ d 0755 0:0", "/a f 0644 1:2", "/b f 0644 5:0", "/c f 0644 3:4");
  }

  @Test
  void aGlobalHeaderAtTheEndHoldsForNothing() throws IOException {
    assertThat(tree(tar().file("a", "").globalPax("comment", "0123".getBytes(UTF_8))))
        .containsExactly("/a ''");
  }

  @Test
  void aGlobalHeaderOfOneLayerDoesNotReachTheNext() throws IOException {
    assertThat(
            convert(tar().globalPax("uid", "5".getBytes(UTF_8)).file("a", ""), tar().file("b", ""))
                .details())
        .containsExactly("/ d 0755 0:0", "/a f 0644 5:0", "/b f 0644 0:0");
  }

  @Test
  void unknownRecordsMeanNothing() throws IOException {
    assertThat(
            tree(
                tar()
                    .add(
                        TarEntry.file("a", "1")
                            .pax("comment", "x")
                            .pax("VENDOR.key", new byte[] {0, 1, '\n', '='})
                            .pax("ctime", "1.5")
                            .pax("hdrcharset", "BINARY"))))
        .containsExactly("/a '1'");
  }

  @Test
  void theLastRecordOfAKeyCounts() throws IOException {
    assertThat(tree(tar().add(TarEntry.file("a", "1").pax("path", "b").pax("path", "c"))))
        .containsExactly("/c '1'");
  }

  @Test
  void aPathMayHoldAnEqualsSignAndANewline() throws IOException {
    assertThat(tree(tar().add(TarEntry.file("a", "1").pax("path", "b=c\nd"))))
        .containsExactly("/b=c%0Ad '1'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "path=b\n",
        "6 path=b\n",
        "999 path=b\n",
        "11 path=b\n",
        "9 path=bc\n",
        "x path=b\n",
        "-9 path=b\n",
        "0 path=b\n",
        "10 pathbcd\n",
        "9 path=b",
        "4294967311 a=b\n",
        "99999999999999999999 a=b\n",
        "\n",
      })
  void aRecordThatDoesNotHaveTheLengthItSaysIsAnError(String record) {
    assertThat(failure(tar().add(TarEntry.file("a", "").paxBytes(record.getBytes(UTF_8)))))
        .contains("layer 1 of 1")
        .contains("pax");
  }

  @Test
  void aHeaderBeyondAllMeasureIsAnError() {
    TarEntry header = new TarEntry('x', "PaxHeaders/huge").size(1L << 40);
    assertThat(failure(tar().add(header))).contains("layer 1 of 1", Long.toString(1L << 40));
    TarEntry name = new TarEntry('L', "././@LongLink").size(1L << 33);
    assertThat(failure(tar().add(name))).contains("layer 1 of 1", Long.toString(1L << 33));
  }
}

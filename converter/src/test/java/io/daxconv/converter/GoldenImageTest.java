package io.daxconv.converter;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.ConvertedImage;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One image, to the byte: "the same input gives the same bytes", in every version. */
class GoldenImageTest extends ConversionTest {
  /**
   * The digest of the whole file. If it changes, so do the images that everybody makes: that is a
   * decision, to be told in the change log. The failure shows the new digest; before it is put
   * here, compare the two images with {@code daxconv inspect} and {@code cmp -l}.
   */
  private static final String DAXFS_AND_EROFS =
      "0d0f377ca39dfae212516ba15b14dad5634824f5c0f68f4391b5b82fcb17be76";

  private static final String DAXFS_ALONE =
      "25a61f16c32fb25a377459b09aa412a01c5d781d65cb6e3681243932547be99e";

  private static final String CONFIG =
      """
      {"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/app"],"Env":["A=\\u00e9"]}}\
      """;

  @ParameterizedTest
  @CsvSource({"true, " + DAXFS_AND_EROFS, "false, " + DAXFS_ALONE})
  void theFileIsTheSameForEver(boolean erofsView, String sha256) throws IOException {
    byte[] base =
        tar()
            .add(TarEntry.directory("./").mode(0755))
            .add(TarEntry.directory("bin").mode(0755))
            .add(TarEntry.file("bin/app", "x".repeat(5000)).mode(04755).owner(1, 2))
            .add(TarEntry.file("bin/same", "x".repeat(5000)).xattr("user.a", new byte[] {0, -1}))
            .hardLink("bin/link", "bin/app")
            .symlink("sbin", "bin")
            .file("gone", "gone")
            .add(new TarEntry('3', "dev/null").device(1, 3).mode(0666))
            .build();
    byte[] top =
        tar()
            .whiteout(".wh.gone")
            .add(new TarEntry('0', new byte[] {'n', (byte) 0xff}).data("data".getBytes(UTF_8)))
            .file("empty", "")
            .build();
    ConvertedImage image =
        convert(
            TestImages.withConfig(CONFIG, TestBlob.gzip(base, 1, 0), TestBlob.plain(top)),
            new ConversionOptions(4096, true, erofsView, false, 2));
    assertThat(image.details())
        .containsExactly(
            "/ d 0755 0:0",
            "/bin d 0755 0:0",
            "/bin/app f 4755 1:2",
            "/bin/link f 4755 1:2",
            "/bin/same f 0644 0:0",
            "/dev d 0755 0:0",
            "/empty f 0644 0:0",
            "/n%FF f 0644 0:0",
            "/sbin l 0777 0:0");
    assertThat(Digest.sha256(image.bytes()).hex()).isEqualTo(sha256);
  }
}

package io.daxconv.converter.verify;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.SourceTree;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a converted image says it left out, against another source. */
class LeftOutComparisonTest extends ConversionTest {
  private List<String> differences(TarBuilder converted, TarBuilder source) throws IOException {
    SourceTree.Contents contents =
        SourceTree.contents(TestImages.of(source.build()), 1, ConversionListener.NONE);
    return LeftOutComparison.compare(
            convert(converted).annex(), contents.xattrs(), contents.specialFiles())
        .findings()
        .stream()
        .map(Finding::toString)
        .toList();
  }

  private static TarBuilder image(int minor, int value) {
    return tar()
        .add(new TarEntry('3', "null").device(1, minor).mode(0666))
        .add(TarEntry.file("f", "1").xattr("user.a", new byte[] {(byte) value}));
  }

  @Test
  void theSameIsTheSame() throws IOException {
    assertThat(differences(image(3, 1), image(3, 1))).isEmpty();
  }

  @Test
  void numbersAndValuesCount() throws IOException {
    assertThat(differences(image(3, 1), image(5, 2)))
        .containsExactly(
            "special-file-differs: /null: expected character-device 0666 0:0, number 1:5, found"
                + " character-device 0666 0:0, number 1:3",
            "xattrs-differ: /f: expected user.a of 1 bytes, found user.a of 1 bytes");
  }

  @Test
  void whatIsMissingAndWhatIsTooMuchCount() throws IOException {
    assertThat(differences(tar(), image(3, 1)))
        .containsExactly(
            "special-file-differs: /null: expected character-device 0666 0:0, number 1:3, found"
                + " nothing",
            "xattrs-differ: /f: expected user.a of 1 bytes, found none");
    assertThat(differences(image(3, 1), tar()))
        .containsExactly(
            "special-file-differs: /null: expected nothing, found character-device 0666 0:0,"
                + " number 1:3",
            "xattrs-differ: /f: expected none, found user.a of 1 bytes");
  }
}

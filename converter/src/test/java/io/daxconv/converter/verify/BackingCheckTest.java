package io.daxconv.converter.verify;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.Placement;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Split images with their backing files, sound and broken. */
class BackingCheckTest {
  @TempDir private Path directory;
  private byte[] data = {};

  @BeforeEach
  void convert() throws IOException {
    make(true, 4096);
  }

  private void make(boolean erofsView, int pageSize) throws IOException {
    Converter.convert(
        TestImages.of(
            tar()
                .file("a", "x".repeat(5000))
                .file("b", "b")
                .symlink("l", "a")
                .file("e", "")
                .build()),
        image(),
        new ConversionOptions(pageSize, true, erofsView, false, 1)
            .withPlacement(new Placement(0, backing(), 8)),
        ConversionListener.NONE);
    data = Files.readAllBytes(backing());
  }

  private Path image() {
    return directory.resolve("image");
  }

  private Path backing() {
    return directory.resolve("backing");
  }

  private List<Finding> findings() throws IOException {
    Files.write(backing(), data);
    return ImageVerifier.verify(image(), backing()).findings();
  }

  @ParameterizedTest
  @CsvSource({"true, 4096", "false, 4096", "true, 16384", "true, 65536", "false, 65536"})
  void findsNothingInASoundPair(boolean erofsView, int pageSize) throws IOException {
    make(erofsView, pageSize);

    assertThat(findings()).isEmpty();
    assertThat(ImageVerifier.verify(image()).findings()).isEmpty();
    VerifyReport.ErofsCounts counts = ImageVerifier.verify(image(), backing()).erofs();
    assertThat(counts == null ? 0 : counts.inodes()).isEqualTo(erofsView ? 5 : 0);
  }

  @Test
  void otherContentIsFoundByTheDigest() throws IOException {
    data[4096]++;
    assertThat(findings()).extracting(Finding::id).containsExactly("backing-digest");
    assertThat(findings().getFirst().place()).isEqualTo("backing file");
  }

  @Test
  void bytesAfterAFilesEndAreFoundWithItsPath() throws IOException {
    data[4096 + 5000] = 1;
    assertThat(findings())
        .extracting(Finding::id)
        .containsExactly("tail-not-zero", "backing-digest");
    assertThat(findings().getFirst().place()).startsWith("/a (inode ");
  }

  @Test
  void aShorterFileLacksData() throws IOException {
    data = Arrays.copyOf(data, 8192);
    assertThat(findings())
        .extracting(Finding::id)
        .startsWith("data-beyond-backing", "data-beyond-backing", "backing-size");
  }

  @Test
  void theViewBehindTheDataIsChecked() throws IOException {
    data[1024 + 4]++;
    assertThat(findings())
        .extracting(Finding::id)
        .containsExactly("backing-digest", "erofs-checksum");
    assertThat(findings().getLast().place()).startsWith("backing file, byte 10");
  }

  @Test
  void anImageWithItsDataHasNoBackingFile() throws IOException {
    Path usual = directory.resolve("usual");
    Converter.convert(
        TestImages.of(tar().file("a", "a").build()),
        usual,
        ConversionOptions.DEFAULT,
        ConversionListener.NONE);

    assertThat(ImageVerifier.verify(usual, backing()).findings())
        .extracting(Finding::id)
        .containsExactly("backing-unexpected");
    assertThatThrownBy(() -> DaxfsImage.open(usual, backing()).close())
        .isInstanceOf(CorruptImageException.class)
        .hasMessageContaining("expected a split image for the backing file");
  }

  @Test
  void filesAreReadFromTheBackingFile() throws IOException {
    StringBuilder lines = new StringBuilder();
    try (DaxfsImage image = DaxfsImage.open(image(), backing())) {
      Listing.list(image, lines);
    }
    assertThat(lines.toString().lines())
        .anyMatch(line -> line.startsWith("/a\tf\t0644\t0\t0\t5000\t"))
        .hasSize(5);
    try (DaxfsImage image = DaxfsImage.open(image())) {
      assertThatThrownBy(() -> Listing.list(image, new StringBuilder()))
          .hasMessageContaining("expected data in the image, found a split image");
    }
  }

  @Test
  void aBackingFileThatIsTooShortIsNotRead() throws IOException {
    byte[] bytes = Files.readAllBytes(image());
    try (DaxfsImage image =
        DaxfsImage.of(
            "image", MemorySegment.ofArray(bytes), MemorySegment.ofArray(new byte[4096]))) {
      assertThatThrownBy(() -> Listing.list(image, new StringBuilder()))
          .hasMessageContaining("expected data inside the backing file's 4096 bytes, found ");
    }
  }
}

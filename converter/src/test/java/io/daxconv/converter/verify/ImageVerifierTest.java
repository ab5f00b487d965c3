package io.daxconv.converter.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.daxfs.BuiltImage;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.ImageBuilder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageVerifierTest {
  private static final byte[] ANNEX =
      AnnexJson.toBytes(
          new Annex("a", null, null, List.of(), null, null, List.of(), List.of(), List.of()));

  @Test
  void findsNothingInASoundImage() {
    VerifyReport report = ImageVerifier.verify(ImageBuilder.sample().annex(ANNEX).build().bytes());

    assertThat(report.findings()).isEmpty();
    assertThat(report.isSound()).isTrue();
    assertThat(report.counts()).isEqualTo(new VerifyReport.Counts(9, 4, 4, 1, 9, true));
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void findsNothingWhateverTheBlockSize(int blockSize) {
    BuiltImage image =
        new ImageBuilder(blockSize)
            .file("/a", 0644, new byte[] {1})
            .file("/b", 0644, new byte[blockSize])
            .annex(ANNEX)
            .build();

    assertThat(ImageVerifier.verify(image.bytes()).findings()).isEmpty();
  }

  @Test
  void findsNothingInASplitImage() {
    assertThat(ImageVerifier.verify(ImageBuilder.sample().split().build().bytes()).findings())
        .isEmpty();
  }

  @Test
  void findsNothingInAnImageWithoutOverlay() {
    assertThat(
            ImageVerifier.verify(ImageBuilder.sample().withoutOverlay().build().bytes()).findings())
        .isEmpty();
  }

  @Test
  void leavesZerosAfterTheImageAlone() {
    BuiltImage image = sample();

    assertThat(
            ImageVerifier.verify(image.resized(image.bytes().byteSize() + 5000).bytes()).findings())
        .isEmpty();
  }

  @Test
  void namesWhatIsBrokenByPathAndByte() {
    BuiltImage image = sample();
    image.u32(image.inode("/etc/a") + 32, 7);

    assertThat(ImageVerifier.verify(image.bytes()).findings())
        .containsExactly(
            new Finding(
                "link-count",
                "/etc/a (inode 4, byte " + image.inode("/etc/a") + ")",
                "nlink 2",
                "nlink 7"));
    assertThat(ImageVerifier.verify(image.bytes()).findings().getFirst().toString())
        .isEqualTo(
            "link-count: /etc/a (inode 4, byte %d): expected nlink 2, found nlink 7"
                .formatted(image.inode("/etc/a")));
  }

  @Test
  void escapesPaths() {
    BuiltImage image = new ImageBuilder(4096).file("/a\u001b[2J b", 0644, new byte[1]).build();
    image.u32(image.inode("/a\u001b[2J b") + 32, 7);

    assertThat(ImageVerifier.verify(image.bytes()).findings().getFirst().place())
        .startsWith("/a%1B[2J%20b ");
  }

  @Test
  void keepsAThousandFindingsAndCountsTheRest() {
    ImageBuilder builder = new ImageBuilder(4096);
    for (int i = 0; i < 1500; i++) {
      builder.symlink("/" + i, "x");
    }
    BuiltImage image = builder.build();
    for (int i = 0; i < 1500; i++) {
      image.u64(image.inode("/" + i) + 16, 0);
    }
    VerifyReport report = ImageVerifier.verify(image.bytes());

    assertThat(report.findings()).hasSize(1000);
    assertThat(report.findingCount()).isEqualTo(1500);
  }

  @Test
  void checksAFile(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("x.daxfs"), sample().toArray());

    assertThat(ImageVerifier.verify(file).findings()).isEmpty();
    try (DaxfsImage image = DaxfsImage.open(file)) {
      assertThat(ImageVerifier.verify(image).findings()).isEmpty();
    }
    Files.write(file, new byte[0]);
    assertThat(ImageVerifier.verify(file).findings())
        .containsExactly(
            new Finding("file-too-short", "byte 0", "at least 4096 bytes, a superblock", "0"));
  }

  @Test
  void refusesMoreInodesThanThereIsMemoryFor(@TempDir Path directory) throws Exception {
    long size = (1L << 30) + 8192;
    BuiltImage image = new ImageBuilder(4096).withoutOverlay().build();
    image.u64(16, size).u64(32, size - 4096).u32(48, 1 << 24);

    assertThat(ImageVerifier.verify(sparse(directory, image, size)).findings())
        .extracting(Finding::id)
        .containsExactly("inode-count");
  }

  @Test
  void refusesMoreEntriesThanThereIsMemoryFor(@TempDir Path directory) throws Exception {
    long size = (272L << 24) + 8192;
    BuiltImage image = new ImageBuilder(4096).withoutOverlay().build();
    image.u64(16, size).u64(32, size - 4096).u64(image.inode("/") + 16, 271L << 24);

    assertThat(ImageVerifier.verify(sparse(directory, image, size)).findings())
        .extracting(Finding::id)
        .containsExactly("directory-entry-count");
  }

  /** The image in a file of which most was never written, and takes no room. */
  private static Path sparse(Path directory, BuiltImage image, long size) throws IOException {
    Path path = Files.write(directory.resolve("sparse"), image.toArray());
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size);
    }
    return path;
  }

  @Test
  void refusesWhatIsNoFile(@TempDir Path directory) {
    assertThatThrownBy(() -> ImageVerifier.verify(directory))
        .isInstanceOf(CorruptImageException.class)
        .hasMessage("\"" + directory + "\": expected a regular file or a device");
  }

  private static BuiltImage sample() {
    return ImageBuilder.sample().build();
  }
}

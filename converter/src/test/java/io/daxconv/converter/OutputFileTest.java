package io.daxconv.converter;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.DirectoryLayer;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an image may appear. */
class OutputFileTest {
  @TempDir private Path directory;

  private static void convert(SourceImage image, Path output) throws IOException {
    Converter.convert(image, output, ConversionOptions.DEFAULT, ConversionListener.NONE);
  }

  private static SourceImage image() {
    return TestImages.of(tar().file("a", "1").build());
  }

  @Test
  void aDeviceIsNotReplaced() {
    assertThatThrownBy(() -> convert(image(), Path.of("/dev/null")))
        .isInstanceOf(OutputException.class)
        .hasMessage("/dev/null: expected a file to write, found a device or the like");
  }

  @Test
  void aSymlinkStaysAndWhatItLeadsToIsReplaced() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "old");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);

    convert(image(), link);

    assertThat(link).isSymbolicLink();
    assertThat(Files.size(file)).isGreaterThan(4096);
  }

  @Test
  void aDirectoryIsNotConvertedIntoItself() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root/sub"));
    SourceImage image = TestImages.of(new DirectoryLayer("root", directory.resolve("root")));

    assertThatThrownBy(() -> convert(image, root.resolve("image.daxfs")))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("expected a place outside the directory that is converted");
    convert(image, directory.resolve("image.daxfs"));
    assertThat(directory.resolve("image.daxfs")).isRegularFile();
  }

  @Test
  void aLongNameHasRoom() throws IOException {
    Path output = directory.resolve("n".repeat(255));

    convert(image(), output);

    assertThat(output).isRegularFile();
  }

  @Test
  void aDirectoryIsNotReplaced() {
    assertThatThrownBy(() -> convert(image(), directory))
        .isInstanceOf(OutputException.class)
        .hasMessage(directory + ": expected a file to write, found a directory");
  }

  @Test
  void aSymlinkThatLeadsToNothingIsNotFollowed() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("none"));
    Path ring = Files.createSymbolicLink(directory.resolve("ring"), directory.resolve("ring"));

    for (Path symlink : new Path[] {link, ring}) {
      assertThatThrownBy(() -> convert(image(), symlink))
          .isInstanceOf(OutputException.class)
          .hasMessage(
              symlink + ": expected a file or nothing, found a symlink that leads to no file");
    }
    assertThat(directory.resolve("none")).doesNotExist();
  }

  @Test
  void aSymlinkToADirectoryIsNotFollowedEither() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);

    assertThatThrownBy(() -> convert(image(), link))
        .hasMessage(directory.toRealPath() + ": expected a file to write, found a directory");
  }

  @Test
  void whatADeadWriterHasLeftIsRemoved() throws IOException {
    Path dead = Files.writeString(directory.resolve(".daxconv-0123456789abcdef.tmp"), "x");
    Path link = directory.resolve(".daxconv-0000000000000000.tmp");
    Files.createSymbolicLink(link, Files.writeString(directory.resolve("file"), "x"));

    try (OutputFile atWork = OutputFile.create(directory.resolve("a"))) {
      convert(image(), directory.resolve("b"));
      atWork.commit();
    }

    assertThat(dead).doesNotExist();
    assertThat(link).isSymbolicLink();
    assertThat(directory.resolve("a")).isEmptyFile();
    assertThat(directory.resolve("b")).isNotEmptyFile();
  }

  @Test
  void aFailureSaysWhatToDo() {
    assertThat(OutputFile.failure(Path.of("o.daxfs"), new IOException("No space left on device")))
        .isInstanceOf(OutputException.class)
        .hasMessage("o.daxfs: No space left on device: make room there, or choose another place");
  }
}

package io.daxconv.converter.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.SourceTree;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.verify.ImageVerifier;
import io.daxconv.converter.verify.Listing;
import io.daxconv.converter.verify.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** What tests that convert images have in common. */
public abstract class ConversionTest {
  @TempDir protected Path directory;

  /** The tree that these layers give, oldest first, as {@link ConvertedImage#tree}. */
  protected final List<String> tree(TarBuilder... layers) throws IOException {
    return convert(layers).tree();
  }

  /** Converts these layers, oldest first. */
  protected final ConvertedImage convert(TarBuilder... layers) throws IOException {
    return convert(TestImages.of(tars(layers)));
  }

  /** Converts an image with default options. */
  protected final ConvertedImage convert(SourceImage image) throws IOException {
    return convert(image, ConversionOptions.DEFAULT);
  }

  /**
   * Converts an image. Whatever it is, the result is sound, holds what its layers say, and is all
   * that is left.
   */
  protected final ConvertedImage convert(SourceImage image, ConversionOptions options)
      throws IOException {
    Path output = directory.resolve("out.daxfs");
    ConvertedImage converted =
        ConvertedImage.read(Converter.convert(image, output, options, ConversionListener.NONE));
    assertThat(filesLeft()).containsExactly("out.daxfs");
    assertThat(ImageVerifier.verify(output).findings()).isEmpty();
    assertThat(listing(output)).isEqualTo(sourceListing(image));
    Files.delete(output);
    return converted;
  }

  /** The message of the failure that these layers cause, oldest first. */
  protected final String failure(TarBuilder... layers) {
    return failure(TestImages.of(tars(layers)));
  }

  /**
   * The message of the failure that an image causes. Whatever it is, it is one line, and nothing is
   * left behind.
   */
  protected final String failure(SourceImage image) {
    Path output = directory.resolve("failed.daxfs");
    Throwable failure =
        catchThrowable(
            () ->
                Converter.convert(
                    image, output, ConversionOptions.DEFAULT, ConversionListener.NONE));
    assertThat(failure).isInstanceOf(DaxconvException.class);
    assertThat(filesLeft()).isEmpty();
    String message = requireNonNull(failure.getMessage());
    assertThat(message).doesNotContain("\n").matches("[ -~…]+");
    return message;
  }

  /** Names of all files in the directory that images are made in. */
  protected final List<String> filesLeft() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The bytes of these layers. */
  protected static byte[][] tars(TarBuilder... layers) {
    return Arrays.stream(layers).map(TarBuilder::build).toArray(byte[][]::new);
  }

  private static String listing(Path file) throws IOException {
    StringBuilder lines = new StringBuilder();
    try (DaxfsImage image = DaxfsImage.open(file)) {
      Listing.list(image, lines);
    }
    return lines.toString();
  }

  private static String sourceListing(SourceImage image) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (TreeEntry entry : SourceTree.entries(image, 1, ConversionListener.NONE)) {
      lines.append(Listing.line(entry)).append('\n');
    }
    return lines.toString();
  }
}

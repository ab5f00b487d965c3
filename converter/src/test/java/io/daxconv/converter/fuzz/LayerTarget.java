package io.daxconv.converter.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import io.daxconv.converter.verify.ImageVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Layers of any bytes: an image of them is sound or refused in one line, and nothing else is left.
 *
 * <p>The first byte says what becomes of the rest: its low two bits whether it is the blob, or a
 * tar whose header checksums are put right, as it is, in gzip, or in zstd; the next bit whether it
 * is one layer or two, parted behind as many blocks as the second byte says.
 */
final class LayerTarget {
  private static final ConversionOptions OPTIONS =
      new ConversionOptions(4096, true, true, false, 2);

  private final Path directory;

  LayerTarget(Path directory) {
    this.directory = directory;
  }

  void run(byte[] input) throws IOException {
    if (input.length < 2) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 2, input.length);
    int form = input[0] & 3;
    int first =
        (input[0] & 4) == 0 ? bytes.length : Math.min(bytes.length, (input[1] & 0xff) * 512);
    byte[] lower = Arrays.copyOf(bytes, first);
    byte[] upper = Arrays.copyOfRange(bytes, first, bytes.length);
    convert(
        first == bytes.length
            ? TestImages.of(blob(form, lower))
            : TestImages.of(blob(form, lower), blob(form, upper)));
  }

  private static TestBlob blob(int form, byte[] bytes) {
    if (form > 0) {
      TarChecksums.putRight(bytes);
    }
    return switch (form) {
      case 0, 1 -> TestBlob.plain(bytes).unsaid();
      case 2 -> TestBlob.gzip(bytes, 2, 0).unsaid();
      default -> TestBlob.zstd(bytes, 2).unsaid();
    };
  }

  private void convert(SourceImage image) throws IOException {
    Path output = directory.resolve("fuzzed.daxfs");
    try {
      Converter.convert(image, output, OPTIONS, ConversionListener.NONE);
      assertThat(ImageVerifier.verify(output).findings()).isEmpty();
      Files.delete(output);
    } catch (DaxconvException e) {
      assertThat(Objects.requireNonNull(e.getMessage())).matches("[ -~…]+");
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }
}

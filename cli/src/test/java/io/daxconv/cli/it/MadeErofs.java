package io.daxconv.cli.it;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;

/** What tests have in common that convert layers of their own and mount the result as EROFS. */
abstract class MadeErofs {
  @TempDir Path directory;

  /** Mounts what layers give with these options, after erofs-utils have found it sound. */
  final ErofsMount mount(ConversionOptions options, TarBuilder... layers) throws Exception {
    Path image = convert(options, layers);
    ErofsTools.requireSound(image, directory);
    return ErofsMount.of(image, directory.resolve("mnt"));
  }

  final Path convert(ConversionOptions options, TarBuilder... layers) throws IOException {
    Path image = directory.resolve("x.daxfs");
    byte[][] tars = Arrays.stream(layers).map(TarBuilder::build).toArray(byte[][]::new);
    Converter.convert(TestImages.of(tars), image, options, ConversionListener.NONE);
    return image;
  }

  final ErofsMount mount(TarBuilder... layers) throws Exception {
    return mount(ConversionOptions.DEFAULT, layers);
  }

  static ConversionOptions pages(int size) {
    return new ConversionOptions(size, true, true, false, 1);
  }
}

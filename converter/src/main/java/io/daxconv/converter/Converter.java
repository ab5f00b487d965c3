package io.daxconv.converter;

import io.daxconv.converter.source.SourceImage;
import java.io.IOException;
import java.nio.file.Path;

/** Turns an image into one DAXFS file. */
@SuppressWarnings("NullAway")
public final class Converter {
  private Converter() {}

  /**
   * Flattens an image's layers and writes them as one DAXFS image. The output appears whole or not
   * at all: it is written beside its place, synced and renamed.
   *
   * @throws DaxconvException if the image cannot be read or held
   * @throws IOException if the operating system refuses
   */
  public static ConversionResult convert(
      SourceImage image, Path output, ConversionOptions options, ConversionListener listener)
      throws IOException {
    if (options.jobs() > 0) {
      throw new IOException("not there yet");
    }
    return null;
  }
}

package io.daxconv.converter;

import io.daxconv.converter.daxfs.EmptyImage;
import io.daxconv.converter.source.SourceImage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;

/** Turns images into one DAXFS file. */
public final class Converter {
  private Converter() {}

  /**
   * Flattens an image's layers and writes them as one DAXFS image. The output appears whole or not
   * at all: it is written beside its place, synced and renamed. The caller closes the image.
   *
   * @throws DaxconvException if the image cannot be read or held
   * @throws IOException if the operating system refuses
   */
  public static ConversionResult convert(
      SourceImage image, Path output, ConversionOptions options, ConversionListener listener)
      throws IOException {
    return new Conversion(options, listener).convert(image, output);
  }

  /**
   * The same, to where the image is wanted, such as memory. It is committed here, and the caller's
   * to close.
   *
   * @throws DaxconvException if the image cannot be read or held
   * @throws IOException if the operating system refuses
   */
  public static ConversionResult convert(
      SourceImage image, ImageOutput output, ConversionOptions options, ConversionListener listener)
      throws IOException {
    return new Conversion(options, listener).convert(image, output);
  }

  /**
   * Flattens several images and writes them as one DAXFS image in which each has a directory, equal
   * files being stored once. Files that {@link TreeChanges#added} puts into it have paths from the
   * root, such as {@code /name/init}.
   *
   * @param images in any order, which is that of their data; each of another name
   * @throws DaxconvException if an image cannot be read, or all together not be held
   * @throws IOException if the operating system refuses
   */
  public static ConversionResult pack(
      List<NamedImage> images, Path output, ConversionOptions options, ConversionListener listener)
      throws IOException {
    return new Conversion(options, listener).pack(images, output);
  }

  /**
   * Writes an image that holds nothing but an empty root directory, for mounts that are written to.
   *
   * @return its bytes
   * @throws IOException if the operating system refuses
   */
  public static long createEmpty(EmptyImage image, Path output) throws IOException {
    try (OutputFile file = OutputFile.create(output)) {
      image.write(file.channel());
      file.commit();
      return image.size();
    } catch (DaxconvException | FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw OutputFile.failure(output, e);
    }
  }
}

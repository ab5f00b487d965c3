package io.daxconv.cli;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.ImageMode;
import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.MappedFile;
import io.daxconv.converter.mount.ImageView;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** An image that is read, and the backing file of a split one with it. */
final class SplitImage {
  private SplitImage() {}

  /** Whether an image's data is in another file. */
  static boolean isSplit(CommandSpec spec, Path file) throws IOException {
    try (DaxfsImage image = DaxfsImage.open(ImageFile.checked(spec, file, true))) {
      return image.isSplit();
    }
  }

  /**
   * Reads an image's tree while it is open.
   *
   * @param backing the file with the data of a split image; null if it is not named
   * @param view as {@link ImageTree#of} has it
   * @return the exit code
   * @throws ParameterException if a file cannot be opened
   */
  static int read(
      CommandSpec spec,
      Path file,
      @Nullable Path backing,
      @Nullable ImageView view,
      TreeArguments.Reading reading)
      throws IOException {
    Path data = backing == null ? null : ImageFile.checked(spec, backing, true);
    try (DaxfsImage image = DaxfsImage.open(ImageFile.checked(spec, file, true), data)) {
      if (data != null) {
        checkSize(image, data);
      }
      return MappedFile.whileMapped(image.name(), () -> reading.read(ImageTree.of(image, view)));
    }
  }

  /**
   * A file of another size is another image's. Whether it has the bytes that belong to the image is
   * for {@code verify}, which reads them all.
   */
  private static void checkSize(DaxfsImage image, Path file) throws IOException {
    Annex annex = image.annex();
    ImageMode.Backing expected = annex == null ? null : annex.mode().backing();
    if (expected == null || image.backing() == null) {
      return;
    }
    long found = image.backing().byteSize();
    // A device has room behind the data.
    if (found < expected.size() || (found > expected.size() && Files.isRegularFile(file))) {
      throw new CorruptImageException(
          "%s: expected the backing file of %s, %d bytes, found %d bytes"
              .formatted(Escapes.quote(file.toString()), image.name(), expected.size(), found));
    }
  }

  /**
   * Checks that the data of files can be read.
   *
   * @throws ParameterException if it is in a backing file that is not named
   */
  static void requireData(CommandSpec spec, DaxfsImage image) {
    if (image.isSplit() && image.backing() == null) {
      throw new ParameterException(
          spec.commandLine(),
          image.name()
              + ": expected --backing with the file that has the data of this split image, found"
              + " none");
    }
  }
}

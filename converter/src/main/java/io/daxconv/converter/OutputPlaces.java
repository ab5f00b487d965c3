package io.daxconv.converter;

import io.daxconv.converter.source.DirectoryLayer;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.SourceImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a conversion writes, which must not be in what it reads.
 *
 * @param files the image and, in split mode, its backing file
 */
record OutputPlaces(List<Path> files) {

  static OutputPlaces of(Path image, @Nullable Path backing) {
    return new OutputPlaces(backing == null ? List.of(image) : List.of(image, backing));
  }

  /**
   * Refuses an image of directories that hold one of the files.
   *
   * @throws OutputException that names both
   */
  void requireOutside(SourceImage image) throws IOException {
    for (Layer layer : image.layers()) {
      if (layer instanceof DirectoryLayer directory) {
        requireOutside(directory.root());
      }
    }
  }

  /** A directory that holds the file which is made of it would be another one each time. */
  void requireOutside(Path directory) throws IOException {
    for (Path file : files) {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null
          && Files.isDirectory(parent)
          && Files.isDirectory(directory)
          && parent.toRealPath().startsWith(directory.toRealPath())) {
        throw new OutputException(
            file, "expected a place outside the directory that is converted, " + directory);
      }
    }
  }
}

package io.daxconv.converter;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Where an image is made. Nobody must take what stands there for an image before {@link #commit},
 * nor ever if it is closed without.
 */
public interface ImageOutput extends Closeable {

  /** A file that appears whole or not at all. */
  static ImageOutput toFile(Path file) throws IOException {
    return OutputFile.create(file);
  }

  /** Where the image is found in the end: a file, or the device that gives access to it. */
  Path place();

  /**
   * Empty at first. It is read and written at positions only, also where nothing was written yet:
   * what is passed over are zeros.
   */
  FileChannel channel();

  /** The image is complete. */
  void commit() throws IOException;
}

package io.daxconv.oci.layout;

import io.daxconv.converter.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** The files of a layout, in a directory or in a tar archive; names have no leading {@code ./}. */
sealed interface ImageFiles extends Closeable permits DirectoryFiles, TarArchive {
  /** Whether there is such a file. */
  boolean has(String name) throws IOException;

  /**
   * The bytes of a file.
   *
   * @throws SourceException if there is none
   */
  long size(String name) throws IOException;

  /**
   * A stream from a file's start.
   *
   * @throws SourceException if there is none
   */
  InputStream open(String name) throws IOException;

  /** At most {@code limit} bytes of a file. */
  default byte[] read(String name, int limit) throws IOException {
    try (InputStream in = open(name)) {
      return in.readNBytes(limit);
    }
  }
}

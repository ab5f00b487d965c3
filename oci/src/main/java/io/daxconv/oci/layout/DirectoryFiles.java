package io.daxconv.oci.layout;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A layout in a directory. */
record DirectoryFiles(Path root) implements ImageFiles {

  @Override
  public boolean has(String name) {
    return Files.exists(root.resolve(name));
  }

  @Override
  public long size(String name) throws IOException {
    return Files.size(regular(name));
  }

  @Override
  public InputStream open(String name) throws IOException {
    // Unlike other streams, this one can be turned into the file's channel.
    return new FileInputStream(regular(name).toFile());
  }

  /** A pipe or a device in place of a file could block for ever. */
  private Path regular(String name) throws SourceException {
    Path file = root.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new SourceException(
          "%s: expected a file, found %s"
              .formatted(
                  Escapes.quote(file.toString()),
                  Files.exists(file) ? "something else" : "nothing"));
    }
    return file;
  }

  @Override
  public void close() {}
}

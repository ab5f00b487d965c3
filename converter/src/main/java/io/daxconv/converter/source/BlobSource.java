package io.daxconv.converter.source;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of one layer blob, as they are stored or sent: compressed or not, unchecked. */
@FunctionalInterface
public interface BlobSource {
  /**
   * Opens the blob at its start. May be called more than once, one stream after another, unless the
   * layer says that it can be read only once. Blocks while a download is still under way. A stream
   * that is a {@link java.nio.channels.ReadableByteChannel} too is read as one, which saves copies.
   */
  InputStream open() throws IOException;
}

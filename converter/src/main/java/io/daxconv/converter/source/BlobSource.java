package io.daxconv.converter.source;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of one layer blob, as they are stored or sent: compressed or not, unchecked. */
@FunctionalInterface
public interface BlobSource {
  /**
   * Opens the blob at its start. May be called more than once, one stream after another, unless the
   * layer says that it can be read only once. Blocks while bytes are still under way. A stream that
   * is a {@link java.nio.channels.ReadableByteChannel} too is read as one, which saves copies.
   */
  InputStream open() throws IOException;

  /**
   * Whether the streams themselves hold the blob to its digest: then they end only if it is right,
   * and fail if it is not, and nobody needs to hash it again.
   */
  default boolean checksDigest() {
    return false;
  }
}

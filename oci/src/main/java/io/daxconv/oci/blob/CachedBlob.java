package io.daxconv.oci.blob;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;

/**
 * A blob whose bytes were checked. It holds the very file that was checked open, so that another
 * process may replace or remove what stands in the cache.
 */
public final class CachedBlob implements Closeable {
  private final FileSlice bytes;

  CachedBlob(FileChannel file, long size) {
    this.bytes = new FileSlice(file, 0, size);
  }

  FileSlice bytes() {
    return bytes;
  }

  /** A stream from the blob's start. */
  public InputStream open() {
    return bytes.open();
  }

  @Override
  public void close() throws IOException {
    bytes.file().close();
  }
}

package io.daxconv.oci.registry;

import io.daxconv.oci.RegistryException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;

/** Says of a body that breaks off which it was, and that it may be asked for again. */
final class ReplyBody extends FilterInputStream {
  private final URI uri;
  private long count;

  ReplyBody(URI uri, InputStream in) {
    super(in);
    this.uri = uri;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      int read = in.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted() || e.getCause() instanceof InterruptedException) {
        throw new InterruptedIOException("interrupted");
      }
      throw new RegistryException(
          "%s: the answer broke off after %d bytes: %s"
              .formatted(Urls.redacted(uri), count, JdkTransport.text(e)),
          0,
          null,
          true,
          e);
    }
  }
}

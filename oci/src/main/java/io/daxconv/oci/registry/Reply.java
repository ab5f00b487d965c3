package io.daxconv.oci.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;

/**
 * An answer, its body still to be read.
 *
 * @param uri what was asked for
 * @param status the HTTP status
 * @param body at most as long as the sender likes: readers bound it
 */
record Reply(URI uri, int status, HttpHeaders headers, InputStream body) implements Closeable {

  /** The first value of a header; empty if there is none. */
  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}

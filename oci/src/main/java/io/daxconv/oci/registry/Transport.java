package io.daxconv.oci.registry;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** One HTTP request, one answer: no redirects, no authentication, no second try. */
interface Transport extends Closeable {
  /**
   * Sends a GET.
   *
   * @throws io.daxconv.oci.RegistryException if no answer comes
   */
  Reply get(URI uri, Map<String, String> headers) throws IOException;

  /** Sends a POST of a form ({@code application/x-www-form-urlencoded}), likewise. */
  Reply post(URI uri, Map<String, String> headers, String form) throws IOException;

  /** Sends a request of any method with the bytes of its body, none for an empty one; likewise. */
  Reply send(String method, URI uri, Map<String, String> headers, byte[] body) throws IOException;

  /** Breaks off what is under way. */
  @Override
  void close();
}

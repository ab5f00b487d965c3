package io.daxconv.oci.registry;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.net.URI;
import javax.net.ssl.SSLContext;

/**
 * Where a registry's API is.
 *
 * @param root such as {@code https://registry.example.org}
 * @param plainHttpAllowed whether plain HTTP was asked for, whatever the host
 */
record Endpoint(URI root, boolean plainHttpAllowed) {

  /** Plain HTTP only if it was asked for, or on this machine where no TLS is spoken. */
  static Endpoint of(String host, boolean plainHttp, SSLContext tls) throws SourceException {
    URI secure = URI.create("https://" + host);
    if (!Urls.isFetchable(secure)) {
      throw new SourceException("image reference: expected a host, found " + Escapes.quote(host));
    }
    boolean plain =
        plainHttp
            || (Urls.isLoopback(secure.getHost())
                && !TlsProbe.speaksTls(
                    secure.getHost(), secure.getPort() < 0 ? 443 : secure.getPort(), tls));
    return new Endpoint(plain ? URI.create("http://" + host) : secure, plainHttp);
  }

  /** A URL of the API; {@code path} begins after {@code /v2/}. */
  URI resolve(String path) {
    return URI.create(root + "/v2/" + path);
  }

  /**
   * Whether a token server may be spoken to: over TLS always, without it only by a registry that
   * itself is spoken to without it, and from this machine only on this machine.
   */
  boolean trustsRealm(URI realm) {
    if (!Urls.isFetchable(realm)) {
      return false;
    }
    return Urls.isHttps(realm)
        || (!Urls.isHttps(root) && (plainHttpAllowed || Urls.isLoopback(realm.getHost())));
  }
}

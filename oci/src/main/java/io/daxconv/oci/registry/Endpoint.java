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
   * Whether a token server may be sent credentials. Over TLS it may be anywhere: registries name
   * one on a host of its own ({@code auth.docker.io} for Docker Hub; distribution, spec/auth).
   * Without TLS only where the registry is without it too, and either both are on this machine or
   * it is on the registry's own host, to which plain HTTP was asked for.
   */
  boolean trustsRealm(URI realm) {
    if (!Urls.isFetchable(realm)) {
      return false;
    }
    if (Urls.isHttps(realm)) {
      return true;
    }
    return !Urls.isHttps(root)
        && (Urls.isLoopback(root.getHost())
            ? Urls.isLoopback(realm.getHost())
            : plainHttpAllowed && root.getHost().equalsIgnoreCase(realm.getHost()));
  }
}

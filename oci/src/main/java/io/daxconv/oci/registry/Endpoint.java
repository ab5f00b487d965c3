package io.daxconv.oci.registry;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.hosts.RegistryHost;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * Where a registry's API is.
 *
 * @param root such as {@code https://registry.example.org}
 * @param plainHttpAllowed whether plain HTTP was asked for, whatever the host
 * @param apiPath what stands before the repository, such as {@code /v2}
 * @param query what stands behind, with its question mark; empty for nothing
 * @param headers sent with every request to it
 */
record Endpoint(
    URI root, boolean plainHttpAllowed, String apiPath, String query, Map<String, String> headers) {

  /** Plain HTTP only if it was asked for, or on this machine where no TLS is spoken. */
  static Endpoint of(RegistryHost asked, boolean plainHttp, SSLContext tls) throws SourceException {
    String host = RegistryReference.apiHost(asked.authority());
    URI secure = URI.create("https://" + host);
    if (!Urls.isFetchable(secure)) {
      throw new SourceException("image reference: expected a host, found " + Escapes.quote(host));
    }
    boolean plain =
        switch (asked.scheme()) {
          case HTTP -> true;
          case HTTPS -> false;
          case EITHER -> plainHttp || !speaksTls(secure, tls);
          case USUAL -> plainHttp || (Urls.isLoopback(secure.getHost()) && !speaksTls(secure, tls));
        };
    String namespace = asked.namespace();
    return new Endpoint(
        plain ? URI.create("http://" + host) : secure,
        plainHttp || (plain && asked.scheme() != RegistryHost.Scheme.USUAL),
        asked.apiPath(),
        namespace == null ? "" : "?ns=" + URLEncoder.encode(namespace, StandardCharsets.UTF_8),
        asked.headers());
  }

  private static boolean speaksTls(URI secure, SSLContext tls) {
    return TlsProbe.speaksTls(secure.getHost(), secure.getPort() < 0 ? 443 : secure.getPort(), tls);
  }

  /** A URL of the API; {@code path} begins with the repository. */
  URI resolve(String path) {
    return URI.create(
        root + apiPath + "/" + path + (path.contains("?") ? query.replace('?', '&') : query));
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

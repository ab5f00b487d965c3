package io.daxconv.oci.hosts;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Proxies from {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY} or their names in lower
 * case, with the rules of Go's net/http (golang.org/x/net/http/httpproxy), which the container
 * tools follow: this machine is never asked through one.
 */
public final class EnvironmentProxies extends ProxySelector {
  private final @Nullable URI plain;
  private final @Nullable URI secure;
  private final @Nullable NoProxy except;

  /**
   * Reads the variables.
   *
   * @throws SourceException if one names a proxy that cannot be used
   */
  public EnvironmentProxies(Map<String, String> environment) throws SourceException {
    this.plain = proxy(environment, "HTTP_PROXY");
    this.secure = proxy(environment, "HTTPS_PROXY");
    this.except = NoProxy.parse(variable(environment, "NO_PROXY"));
  }

  private EnvironmentProxies(URI proxy) {
    this.plain = proxy;
    this.secure = proxy;
    this.except = null;
  }

  /** One proxy for all that is asked, this machine too: its own configuration names it. */
  public static EnvironmentProxies always(URI proxy) {
    return new EnvironmentProxies(proxy);
  }

  private static String variable(Map<String, String> environment, String name) {
    String upper = environment.getOrDefault(name, "");
    return upper.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper;
  }

  private static @Nullable URI proxy(Map<String, String> environment, String name)
      throws SourceException {
    String text = variable(environment, name);
    if (text.isEmpty()) {
      return null;
    }
    URI uri = usable(text);
    if (uri == null) {
      throw unusable(name);
    }
    return uri;
  }

  /** A proxy as it is written; null if it is none that can be used. */
  static @Nullable URI usable(String text) {
    try {
      URI uri = URI.create(text.contains("://") ? text : "http://" + text);
      return "http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null ? uri : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static SourceException unusable(String name) {
    // What it is is not shown: it may have a password.
    return new SourceException(
        "environment: " + name + ": expected a proxy as http://HOST[:PORT], found another value");
  }

  private @Nullable URI proxyOf(URI uri) {
    URI proxy = "https".equalsIgnoreCase(uri.getScheme()) ? secure : plain;
    String host = uri.getHost();
    boolean direct = host == null || (except != null && except.covers(host, uri.getPort()));
    return direct ? null : proxy;
  }

  @Override
  public List<Proxy> select(URI uri) {
    URI proxy = proxyOf(uri);
    return List.of(
        proxy == null
            ? Proxy.NO_PROXY
            : new Proxy(
                Proxy.Type.HTTP,
                InetSocketAddress.createUnresolved(
                    proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort())));
  }

  /** The {@code Proxy-Authorization} for a request, or null (RFC 9110, 11.7.2; RFC 7617). */
  public @Nullable String authorization(URI uri) {
    URI proxy = proxyOf(uri);
    String user = proxy == null ? null : proxy.getUserInfo();
    return user == null
        ? null
        : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }

  /** How messages name the proxy of a request: {@code " through proxy HOST:PORT"}, or nothing. */
  public String note(URI uri) {
    URI proxy = proxyOf(uri);
    return proxy == null
        ? ""
        : " through proxy "
            + Escapes.escape(proxy.getHost().getBytes(StandardCharsets.UTF_8))
            + (proxy.getPort() < 0 ? "" : ":" + proxy.getPort());
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // Who asked is told by the failure itself; there is no other proxy to be tried.
  }
}

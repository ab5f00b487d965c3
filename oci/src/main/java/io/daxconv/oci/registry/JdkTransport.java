package io.daxconv.oci.registry;

import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.hosts.EnvironmentProxies;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The JDK's HTTP client, with HTTP/1.1, which all registries speak and which is easy to trace. */
final class JdkTransport implements Transport {
  /** What the client reads at once: with its own 16 KiB, most of its time is spent in between. */
  private static final String BUFFER_SIZE = "jdk.httpclient.bufsize";

  private static final String TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

  static {
    if (System.getProperty(BUFFER_SIZE) == null) {
      System.setProperty(BUFFER_SIZE, String.valueOf(1 << 17));
    }
    // Who writes a password into HTTPS_PROXY wants it to be sent; the JDK's default is not to.
    if (System.getProperty(TUNNEL_SCHEMES) == null) {
      System.setProperty(TUNNEL_SCHEMES, "");
    }
  }

  private final HttpClient client;
  private final Timeouts timeouts;
  private final StallGuard guard;
  private final EnvironmentProxies proxies;

  JdkTransport(SSLContext tls, Timeouts timeouts, EnvironmentProxies proxies) {
    this.proxies = proxies;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeouts.connect())
            .sslContext(tls)
            .proxy(proxies)
            .build();
    this.timeouts = timeouts;
    this.guard = new StallGuard(timeouts.stall());
  }

  @Override
  public Reply get(URI uri, Map<String, String> headers) throws IOException {
    return send(request(uri, headers).GET().build());
  }

  @Override
  public Reply post(URI uri, Map<String, String> headers, String form) throws IOException {
    return send(
        request(uri, headers)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build());
  }

  @Override
  public Reply send(String method, URI uri, Map<String, String> headers, byte[] body)
      throws IOException {
    boolean bodiless = method.equals("GET") || method.equals("HEAD");
    return send(
        request(uri, headers)
            .method(method, bodiless ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .build());
  }

  private HttpRequest.Builder request(URI uri, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(timeouts.headers()).header("User-Agent", "daxconv");
    headers.forEach(request::header);
    String toProxy = proxies.authorization(uri);
    if (toProxy != null) {
      request.header("Proxy-Authorization", toProxy);
    }
    return request;
  }

  private Reply send(HttpRequest request) throws IOException {
    URI uri = request.uri();
    try {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      if (response.statusCode() == PROXY_AUTHENTICATION_REQUIRED) {
        // The JDK gives no body where the proxy refused the tunnel.
        throw failed(uri, "the proxy's answer is 407: it wants other credentials", false, null);
      }
      InputStream body = new ReplyBody(uri, guard.watch(response.body()));
      return new Reply(uri, response.statusCode(), response.headers(), body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (SSLException e) {
      throw failed(uri, "TLS failed: " + text(e), false, e);
    } catch (HttpConnectTimeoutException e) {
      throw failed(uri, "no connection after " + timeouts.connect().toSeconds() + " s", true, e);
    } catch (HttpTimeoutException e) {
      throw failed(uri, "no answer after " + timeouts.headers().toSeconds() + " s", true, e);
    } catch (ConnectException e) {
      boolean unknown = isUnknownHost(e);
      throw failed(uri, unknown ? "no such host" : "cannot connect", !unknown, e);
    } catch (IOException e) {
      throw failed(uri, "the connection broke: " + text(e), true, e);
    } catch (IllegalArgumentException e) {
      // A Content-Length that is no number (JDK 25) is not told as an input/output error.
      throw failed(uri, "expected an HTTP answer, found one with a wrong header", false, e);
    }
  }

  private static boolean isUnknownHost(ConnectException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  private RegistryException failed(
      URI uri, String reason, boolean temporary, @Nullable Exception cause) {
    return new RegistryException(
        Urls.redacted(uri) + proxies.note(uri) + ": " + reason, 0, null, temporary, cause);
  }

  static String text(IOException e) {
    return Escapes.quote(Urls.redactedIn(String.valueOf(e.getMessage())));
  }

  @Override
  public void close() {
    guard.close();
    client.shutdownNow();
  }
}

package io.daxconv.oci.registry;

import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.hosts.RegistryHost;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Single requests that ask whether something is there, or put it there: authenticated, not
 * redirected, not tried again. Credentials are sent to the registry's own host and port alone.
 */
final class RegistryWrites {
  private final RegistryHost host;
  private final Endpoint endpoint;
  private final Transport transport;
  private final RegistryAuth auth;
  private final Warnings warnings;

  RegistryWrites(
      RegistryHost host,
      Endpoint endpoint,
      Transport transport,
      RegistryAuth auth,
      Warnings warnings) {
    this.host = host;
    this.endpoint = endpoint;
    this.transport = transport;
    this.auth = auth;
    this.warnings = warnings;
  }

  /** A URL of the repository; {@code path} begins after {@code /v2/REPOSITORY/}. */
  URI uri(String path) {
    return endpoint.resolve(host.repository() + "/" + path);
  }

  /** Sends one request and, where the registry asks for credentials, the same with them. */
  Reply send(String method, URI uri, Map<String, String> headers, byte[] body) throws IOException {
    for (boolean answered = false; ; answered = true) {
      String sent = auth.header();
      Map<String, String> all = new HashMap<>(headers);
      boolean own = Urls.sameOrigin(uri, endpoint.root());
      if (own) {
        all.putAll(endpoint.headers());
        if (sent != null) {
          all.put("Authorization", sent);
        }
      }
      Reply reply = transport.send(method, uri, all, body);
      warnings.show(host.authority(), reply.headers());
      if (reply.status() != 401 || answered || !own) {
        return reply;
      }
      try {
        if (!auth.answer(Challenge.parse(reply.headers().allValues("WWW-Authenticate")), sent)) {
          return reply;
        }
      } catch (IOException | RuntimeException e) {
        reply.close();
        throw e;
      }
      reply.close();
    }
  }

  /**
   * Where the registry wants the next request of an upload (distribution-spec, "Pushing blobs").
   *
   * @return null if the answer does not say so
   */
  static @Nullable URI location(Reply reply) throws RegistryException {
    if (reply.header("Location").isEmpty()) {
      return null;
    }
    String where = Urls.redacted(reply.uri());
    URI target;
    try {
      target = reply.uri().resolve(reply.header("Location"));
    } catch (IllegalArgumentException e) {
      throw new RegistryException(
          where + ": expected a URL as Location, found none", 0, null, false, e);
    }
    if (!Urls.isFetchable(target) || (Urls.isHttps(reply.uri()) && !Urls.isHttps(target))) {
      throw new RegistryException(
          where + ": Location: expected a URL to upload to, found " + Urls.redacted(target),
          0,
          null,
          false,
          null);
    }
    return target;
  }

  /** What an answer means that is not the one hoped for. */
  RegistryException error(String what, Reply reply) throws IOException {
    ErrorReply error = ErrorReply.read(reply);
    String registry = "registry " + Escapes.quote(host.authority());
    return switch (reply.status()) {
      case 401, 403 -> error.exception("unauthorized to push " + what + ": " + auth.advice());
      case 404 -> error.exception(registry + " has no place for " + what);
      case 405 -> error.exception(registry + " takes no uploads: " + what);
      case 429 -> error.exception(registry + " takes no more requests for now: try again later");
      default ->
          error.exception(
              reply.status() >= 500 ? registry + " failed" : registry + " refuses " + what);
    };
  }
}

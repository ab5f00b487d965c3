package io.daxconv.oci.registry;

import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.RegistryException;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * GETs from one registry for one image: authenticated, redirected, tried again. Credentials are
 * sent to the registry's own host and port alone, and no redirect leads from TLS to plain HTTP.
 */
final class RegistryClient implements Closeable {
  private static final int MAX_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final RegistryReference reference;
  private final Endpoint endpoint;
  private final Transport transport;
  private final RegistryAuth auth;
  private final Backoff backoff;

  RegistryClient(
      RegistryReference reference,
      Endpoint endpoint,
      Transport transport,
      RegistryAuth auth,
      Backoff backoff) {
    this.reference = reference;
    this.endpoint = endpoint;
    this.transport = transport;
    this.auth = auth;
    this.backoff = backoff;
  }

  /** Reads an answer whose status is 200. */
  @FunctionalInterface
  interface ReplyReader<T> {
    T read(Reply reply) throws IOException;
  }

  /**
   * Gets something and reads it; if either breaks off, both are done again.
   *
   * @param what what a message says is missing, such as {@code blob sha256:…}
   * @param path begins after {@code /v2/REPOSITORY/}
   */
  <T> T get(String what, String path, String accept, ReplyReader<T> reader) throws IOException {
    URI uri = endpoint.resolve(reference.repository() + "/" + path);
    return backoff.run(
        () -> {
          try (Reply reply = authenticated(uri, accept)) {
            if (reply.status() != 200) {
              throw error(what, reply);
            }
            return reader.read(reply);
          }
        });
  }

  private Reply authenticated(URI uri, String accept) throws IOException {
    for (boolean answered = false; ; answered = true) {
      String sent = auth.header();
      Reply reply = redirected(uri, accept, sent);
      if (reply.status() != 401 || answered || !Urls.sameOrigin(reply.uri(), endpoint.root())) {
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

  private Reply redirected(URI uri, String accept, @Nullable String authorization)
      throws IOException {
    URI at = uri;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      Map<String, String> headers = new HashMap<>();
      headers.put("Accept", accept);
      if (authorization != null && Urls.sameOrigin(at, endpoint.root())) {
        headers.put("Authorization", authorization);
      }
      Reply reply = transport.get(at, headers);
      if (!REDIRECTS.contains(reply.status())) {
        return reply;
      }
      try (reply) {
        at = target(reply);
      }
    }
    throw failed(Urls.redacted(uri) + ": more than " + MAX_REDIRECTS + " redirects");
  }

  private URI target(Reply reply) throws RegistryException {
    URI target;
    try {
      target = reply.uri().resolve(reply.header("Location"));
    } catch (IllegalArgumentException e) {
      throw failed(Urls.redacted(reply.uri()) + ": redirects to what is no URL");
    }
    if (!Urls.isFetchable(target) || reply.header("Location").isEmpty()) {
      throw failed(Urls.redacted(reply.uri()) + ": redirects to what cannot be fetched");
    }
    if (Urls.isHttps(reply.uri()) && !Urls.isHttps(target)) {
      throw failed(
          Urls.redacted(reply.uri())
              + ": redirects from https to plain http: "
              + Urls.redacted(target));
    }
    return target;
  }

  private static RegistryException failed(String message) {
    return new RegistryException(message, 0, null, false, null);
  }

  private RegistryException error(String what, Reply reply) throws IOException {
    ErrorReply error = ErrorReply.read(reply);
    String registry = "registry " + Escapes.quote(reference.registry());
    return switch (reply.status()) {
      case 404 -> error.exception(registry + " has no " + what);
      case 401, 403 -> unauthorized(what, reply, error);
      case 429 ->
          error.exception(registry + " takes no more requests for now: try again later, or log in");
      default ->
          error.exception(
              reply.status() >= 500
                  ? registry + " failed"
                  : registry + ": expected " + what + ", found another answer");
    };
  }

  private RegistryException unauthorized(String what, Reply reply, ErrorReply error) {
    String advice =
        Urls.sameOrigin(reply.uri(), endpoint.root())
            ? "unauthorized to pull " + what + ": " + auth.advice()
            : "the server that the registry refers to refuses " + what;
    return error.exception(advice);
  }

  @Override
  public void close() {
    transport.close();
  }
}

package io.daxconv.oci.registry;

import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.hosts.RegistryHost;
import io.daxconv.oci.manifest.MediaTypes;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * GETs from one host for one image: authenticated, redirected, tried again. Credentials are sent to
 * the registry's own host and port alone, and no redirect leads from TLS to plain HTTP.
 */
final class RegistryClient implements Closeable {
  private static final int MAX_REDIRECTS = 5;

  /** Lists of names are JSON, lists of referrers an index. */
  private static final String PAGES = MediaTypes.OCI_INDEX + ", application/json";

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final RegistryHost host;
  private final Endpoint endpoint;
  private final Transport transport;
  private final RegistryAuth auth;
  private final Backoff backoff;
  private final Warnings warnings;

  RegistryClient(
      RegistryHost host,
      Endpoint endpoint,
      Transport transport,
      RegistryAuth auth,
      Backoff backoff,
      Warnings warnings) {
    this.host = host;
    this.warnings = warnings;
    this.endpoint = endpoint;
    this.transport = transport;
    this.auth = auth;
    this.backoff = backoff;
  }

  RegistryHost host() {
    return host;
  }

  Backoff backoff() {
    return backoff;
  }

  /** The same connections and credentials, with other patience. */
  RegistryClient with(Backoff patience) {
    return new RegistryClient(host, endpoint, transport, auth, patience, warnings);
  }

  /** Requests that put something to the same host. */
  RegistryWrites writes() {
    return new RegistryWrites(host, endpoint, transport, auth, warnings);
  }

  /** A URL of the repository; {@code path} begins after {@code /v2/REPOSITORY/}. */
  URI uri(String path) {
    return endpoint.resolve(host.repository() + "/" + path);
  }

  /** A URL of the registry; {@code path} begins after {@code /v2/}. */
  URI registryUri(String path) {
    return endpoint.resolve(path);
  }

  /** Reads an answer that is one. */
  @FunctionalInterface
  interface ReplyReader<T extends @Nullable Object> {
    T read(Reply reply) throws IOException;
  }

  /**
   * Something to be got.
   *
   * @param what what a message says is missing, such as {@code blob sha256:…}
   * @param path begins after {@code /v2/REPOSITORY/}
   * @param headers what is sent beside
   * @param partly whether an answer to a {@code Range} is one (206, 416)
   */
  record Wanted(
      String what, String path, String accept, Map<String, String> headers, boolean partly) {
    boolean isAnswered(int status) {
      return status == 200 || (partly && (status == 206 || status == 416));
    }
  }

  /** Gets something whole and reads it; if either breaks off, both are done again. */
  <T extends @Nullable Object> T get(String what, String path, String accept, ReplyReader<T> reader)
      throws IOException {
    return get(uri(path), new Wanted(what, path, accept, Map.of(), false), reader);
  }

  /** Gets a page of a list. */
  <T extends @Nullable Object> T page(String what, URI uri, ReplyReader<T> reader)
      throws IOException {
    return get(uri, new Wanted(what, "", PAGES, Map.of(), false), reader);
  }

  private <T extends @Nullable Object> T get(URI uri, Wanted wanted, ReplyReader<T> reader)
      throws IOException {
    return retrying(
        () -> {
          try (Reply reply = open(uri, wanted)) {
            return reader.read(reply);
          }
        },
        () -> 0);
  }

  /**
   * Does something again that failed in a way that may pass.
   *
   * @param progress how far it is, in bytes
   */
  <T extends @Nullable Object> T retrying(Backoff.Attempt<T> attempt, LongSupplier progress)
      throws IOException {
    return backoff.run(attempt, progress);
  }

  /**
   * Asks for something once.
   *
   * @return an answer that is one
   */
  Reply open(Wanted wanted) throws IOException {
    return open(uri(wanted.path()), wanted);
  }

  private Reply open(URI uri, Wanted wanted) throws IOException {
    Map<String, String> headers = new HashMap<>(wanted.headers());
    headers.put("Accept", wanted.accept());
    Reply reply = authenticated(uri, headers);
    boolean answered = false;
    try {
      warnings.show(host.authority(), reply.headers());
      answered = wanted.isAnswered(reply.status());
      if (!answered) {
        throw error(wanted.what(), reply);
      }
      return reply;
    } finally {
      if (!answered) {
        reply.close();
      }
    }
  }

  private Reply authenticated(URI uri, Map<String, String> wanted) throws IOException {
    for (boolean answered = false; ; answered = true) {
      String sent = auth.header();
      Reply reply = redirected(uri, wanted, sent);
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

  private Reply redirected(URI uri, Map<String, String> wanted, @Nullable String authorization)
      throws IOException {
    URI at = uri;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      Map<String, String> headers = new HashMap<>(wanted);
      if (Urls.sameOrigin(at, endpoint.root())) {
        headers.putAll(endpoint.headers());
        if (authorization != null) {
          headers.put("Authorization", authorization);
        }
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
    String registry = "registry " + Escapes.quote(host.authority());
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

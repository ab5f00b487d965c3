package io.daxconv.oci.registry;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.credentials.Credential;
import io.daxconv.oci.manifest.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gets tokens as Docker's token authentication specification has it (distribution, spec/auth): by
 * GET with a password or anonymously, by an OAuth2 POST with an identity token.
 */
final class TokenServer {
  private static final int LIMIT = 1 << 20;

  /** What a header can carry (RFC 6750, 2.1, and a little more). */
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

  private final Transport transport;
  private final Endpoint endpoint;

  TokenServer(Transport transport, Endpoint endpoint) {
    this.transport = transport;
    this.endpoint = endpoint;
  }

  /**
   * A token for what a challenge asks.
   *
   * @param scope what is wanted if the challenge does not say
   */
  String token(Challenge challenge, String scope, @Nullable Credential credential)
      throws IOException {
    URI realm = realm(challenge);
    String asked = challenge.parameter("scope").isEmpty() ? scope : challenge.parameter("scope");
    String query = "service=" + encode(challenge.parameter("service")) + "&scope=" + encode(asked);
    try (Reply reply =
        switch (credential) {
          case Credential.IdentityToken identity ->
              transport.post(
                  realm,
                  Map.of(),
                  query
                      + "&grant_type=refresh_token&client_id=daxconv&refresh_token="
                      + encode(identity.token()));
          case Credential.Password password ->
              transport.get(withQuery(realm, query), Map.of("Authorization", basic(password)));
          case Credential.RegistryToken token -> transport.get(withQuery(realm, query), Map.of());
          case null -> transport.get(withQuery(realm, query), Map.of());
        }) {
      return read(reply);
    }
  }

  private URI realm(Challenge challenge) throws RegistryException {
    String text = challenge.parameter("realm");
    try {
      URI realm = URI.create(text);
      if (endpoint.trustsRealm(realm)) {
        return realm;
      }
    } catch (IllegalArgumentException e) {
      throw untrusted(text);
    }
    throw untrusted(text);
  }

  private RegistryException untrusted(String realm) {
    return new RegistryException(
        "registry %s: expected a token server with https, found %s"
            .formatted(endpoint.root().getRawAuthority(), Escapes.quote(Urls.redactedIn(realm))),
        401,
        null,
        false,
        null);
  }

  private static URI withQuery(URI realm, String query) {
    String text = realm.toString();
    int fragment = text.indexOf('#');
    String base = fragment < 0 ? text : text.substring(0, fragment);
    return URI.create(base + (realm.getRawQuery() == null ? "?" : "&") + query);
  }

  private static String read(Reply reply) throws IOException {
    if (reply.status() != 200) {
      ErrorReply error = ErrorReply.read(reply);
      throw error.exception(
          reply.status() == 401 || reply.status() == 403 || reply.status() == 400
              ? "unauthorized"
              : "no token");
    }
    String what = "token from " + Urls.redacted(reply.uri());
    byte[] body = reply.body().readNBytes(LIMIT + 1);
    if (body.length > LIMIT) {
      throw new SourceException(what + ": expected at most " + LIMIT + " bytes, found more");
    }
    JsonValue json = JsonValue.parse(what, body).object();
    String token = json.get("token").optionalText();
    if (token == null || token.isEmpty()) {
      token = json.get("access_token").text();
    }
    if (!TOKEN.matcher(token).matches()) {
      throw new SourceException(what + ": expected printable characters, found others");
    }
    return token;
  }

  /** The value of an {@code Authorization} header (RFC 7617, with UTF-8). */
  static String basic(Credential.Password password) {
    byte[] pair = (password.user() + ":" + password.password()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.oci.Credentials;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.FakeRegistry.Answer;
import io.daxconv.oci.FakeRegistry.Request;
import io.daxconv.oci.ImageBlobs;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RegistryAuthTest {
  @TempDir Path temp;
  private final FakeRegistry registry;
  private final ImageBlobs images = new ImageBlobs();
  private final byte[] layer = ImageBlobs.layer("a", "b");
  private final AtomicInteger issued = new AtomicInteger();
  private SourceOptions.Builder options = SourceOptions.builder(Map.of(), Path.of("/nonexistent"));
  private String challenge = "";
  private volatile String accepted = "Bearer token1";

  RegistryAuthTest() throws IOException {
    registry = new FakeRegistry();
  }

  @BeforeEach
  void serve() {
    options =
        SourceOptions.builder(Map.of(), temp).retries(new RetryPolicy(2, Duration.ofMillis(1)));
    Digest manifest = images.image(new Platform("linux", "amd64", null), layer);
    registry.serve("a/b", images);
    registry.tag("a/b", "latest", images, manifest);
    registry.on("/token", (request, answer) -> json(answer, "token", nextToken()));
    challenge = "Bearer realm=\"http://%s/token\",service=\"s\"".formatted(registry.host());
    registry.gate(this::gate);
  }

  private boolean gate(Request request, Answer answer) throws IOException {
    if (request.uri().getPath().equals("/token") || accepted.equals(request.authorization())) {
      return true;
    }
    answer.error(401, "UNAUTHORIZED", "who?", "WWW-Authenticate: " + challenge);
    return false;
  }

  private String nextToken() {
    return "token" + issued.incrementAndGet();
  }

  private static void json(Answer answer, String field, String value) throws IOException {
    String body = "{\"%s\":\"%s\"}".formatted(field, value);
    answer.send(200, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private void pull() throws IOException {
    try (SourceImage image =
            RegistryImage.open(
                RegistryReference.parse(registry.host() + "/a/b"),
                options.build(),
                Timeouts.DEFAULT);
        InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      assertThat(in.readAllBytes()).isEqualTo(layer);
    }
  }

  private Request tokenRequest() {
    return registry.requests().stream()
        .filter(request -> request.uri().getPath().equals("/token"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void getsATokenForNobody() throws IOException {
    pull();

    assertThat(tokenRequest().authorization()).isNull();
    assertThat(tokenRequest().uri().getRawQuery())
        .isEqualTo("service=s&scope=repository%3Aa%2Fb%3Apull");
    assertThat(issued).hasValue(1);
  }

  @Test
  void getsATokenWithAPassword() throws IOException {
    challenge += ",scope=\"repository:a/b:pull,x\"";
    registry.on("/token", (request, answer) -> json(answer, "access_token", nextToken()));
    options.credentials(new Credentials("u", "pä"));

    pull();

    assertThat(tokenRequest().authorization()).isEqualTo("Basic dTpww6Q=");
    assertThat(tokenRequest().uri().getQuery()).endsWith("scope=repository:a/b:pull,x");
  }

  @Test
  void getsATokenWithAnIdentityToken() throws IOException {
    Path file = temp.resolve("auth.json");
    Files.writeString(
        file, "{\"auths\":{\"%s\":{\"identitytoken\":\"i d\"}}}".formatted(registry.host()));
    options.authfile(file);

    pull();

    assertThat(tokenRequest().method()).isEqualTo("POST");
    assertThat(tokenRequest().body())
        .isEqualTo(
            "service=s&scope=repository%3Aa%2Fb%3Apull&grant_type=refresh_token"
                + "&client_id=daxconv&refresh_token=i+d");
  }

  @Test
  void showsARegistryTokenAsItIs() throws IOException {
    Path file = temp.resolve("auth.json");
    Files.writeString(
        file, "{\"auths\":{\"%s\":{\"registrytoken\":\"token1\"}}}".formatted(registry.host()));
    options.authfile(file);

    pull();

    assertThat(issued).hasValue(0);
  }

  @Test
  void getsAnotherTokenWhenOneHasExpired() throws IOException {
    registry.on(
        "/v2/a/b/blobs/" + Digest.sha256(layer),
        (request, answer) -> {
          if (accepted.equals("Bearer token1")) {
            accepted = "Bearer token2";
            answer.error(401, "UNAUTHORIZED", "expired", "WWW-Authenticate: " + challenge);
          } else {
            answer.send(200, "application/octet-stream", layer);
          }
        });

    pull();

    assertThat(issued).hasValue(2);
  }

  @Test
  void saysThatThereWereNoCredentials() {
    accepted = "none ever";

    assertThatThrownBy(this::pull)
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.status()).isEqualTo(401))
        .hasMessage(
            ("unauthorized to pull image %1$s/a/b:latest: give --creds or log in: no credentials"
                    + " for \"%1$s\", there is no credentials file:"
                    + " http://%1$s/v2/a/b/manifests/latest answered 401 UNAUTHORIZED \"who?\"")
                .formatted(registry.host()));
    assertThat(issued).hasValue(1);
  }

  @Test
  void saysWhichCredentialsWereRefused() throws IOException {
    challenge = "Basic realm=\"x\"";
    Path file = temp.resolve("auth.json");
    Files.writeString(file, "{\"auths\":{\"%s\":{\"auth\":\"dTpw\"}}}".formatted(registry.host()));
    options.authfile(file);

    assertThatThrownBy(this::pull)
        .hasMessageStartingWith(
            "unauthorized to pull image %s/a/b:latest: give others with --creds or log in:"
                    .formatted(registry.host())
                + " credentials from \"%s\" were refused:".formatted(file));
    assertThat(registry.requests().getLast().authorization()).isEqualTo("Basic dTpw");
  }

  @Test
  void saysThatTheTokenServerRefusedThem() {
    registry.on("/token", (request, answer) -> answer.error(401, "DENIED", "no"));
    options.credentials(new Credentials("u", "p"));

    assertThatThrownBy(this::pull)
        .hasMessage(
            "unauthorized: http://%s/token answered 401 DENIED \"no\":".formatted(registry.host())
                + " give others with --creds or log in: the given credentials were refused");
  }

  @Test
  void sendsNothingToATokenServerInTheClear() {
    challenge = "Bearer realm=\"http://me:secret@tokens.invalid/token?x=secret\",service=\"s\"";
    options.credentials(new Credentials("u", "p"));

    assertThatThrownBy(this::pull)
        .hasMessageStartingWith(
            "registry %s: expected a token server with https, found".formatted(registry.host())
                + " \"http://***@tokens.invalid/token?***\"");
  }

  @Test
  void refusesATokenThatIsNone() {
    registry.on("/token", (request, answer) -> json(answer, "token", "a\\r\\nX: y"));
    assertThatThrownBy(this::pull)
        .hasMessage(
            "token from http://%s/token: expected printable characters, found others"
                .formatted(registry.host()));
    registry.on(
        "/token",
        (request, answer) -> answer.send(200, "text/html", "<p>".getBytes(StandardCharsets.UTF_8)));
    assertThatThrownBy(this::pull)
        .hasMessageStartingWith(
            "token from http://%s/token: not valid JSON: a syntax error"
                .formatted(registry.host()));
  }

  @Test
  void asksNobodyForCredentialsThatAreNotNeeded() throws IOException {
    registry.gate((request, answer) -> true);
    options.credentials(new Credentials("u", "p"));

    pull();

    assertThat(registry.requests().stream().map(Request::authorization).filter(Objects::nonNull))
        .isEmpty();
  }
}

package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.oci.Credentials;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.FakeRegistry.Answer;
import io.daxconv.oci.ImageBlobs;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that no honest registry gives: each ends, soon and in one line that says where. */
@Timeout(60)
class HostileRegistryTest {
  private static final Platform AMD64 = new Platform("linux", "amd64", null);
  private static final String MANIFEST = "/v2/a/b/manifests/latest";

  @TempDir Path temp;
  private final FakeRegistry registry;
  private final ImageBlobs images = new ImageBlobs();
  private final byte[] layer = ImageBlobs.layer("a", "b");
  private final Digest manifest = images.image(AMD64, layer);
  private final String blob = "/v2/a/b/blobs/" + Digest.sha256(layer);

  HostileRegistryTest() throws IOException {
    registry = new FakeRegistry();
  }

  @BeforeEach
  void serve() {
    registry.serve("a/b", images);
    registry.tag("a/b", "latest", images, manifest);
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private void pull(String reference) throws IOException {
    SourceOptions options =
        SourceOptions.builder(Map.of(), temp)
            .platform(AMD64)
            .credentials(new Credentials("me", "secret"))
            .retries(new RetryPolicy(2, Duration.ofMillis(1)))
            .build();
    Timeouts timeouts =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(400));
    try (SourceImage image =
            RegistryImage.open(
                RegistryReference.parse(registry.host() + "/a/b" + reference), options, timeouts);
        InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      assertThat(in.readAllBytes()).isEqualTo(layer);
    }
  }

  private void pull() throws IOException {
    pull("");
  }

  private String url(String path) {
    return "http://" + registry.host() + path;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void raw(Answer answer, String text) throws IOException {
    answer.out().write(ascii(text));
  }

  private static void endless(Answer answer, String bytes) throws IOException {
    byte[] many = ascii(bytes.repeat(1000));
    while (true) {
      answer.out().write(many);
    }
  }

  private static void endlessBody(Answer answer, int status) throws IOException {
    answer.head(status, Long.MAX_VALUE, "Content-Type: application/json");
    endless(answer, "[");
  }

  /** An index that says of its only entry that it has this digest and the index's own size. */
  private static String indexOf(Digest entry) {
    int size = 0;
    while (true) {
      String index =
          ImageBlobs.index(
              "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
                  .formatted(ImageBlobs.OCI_INDEX, entry, size));
      if (index.length() == size) {
        return index;
      }
      size = index.length();
    }
  }

  @Test
  void anIndexThatIsToBeItsOwnEntryIsNotItsDigest() {
    Digest claimed = Digest.sha256(new byte[] {1});
    byte[] index = ascii(indexOf(claimed));
    FakeRegistry.Handler itself =
        (request, answer) -> answer.send(200, ImageBlobs.OCI_INDEX, index);
    registry.on(MANIFEST, itself);
    registry.on("/v2/a/b/manifests/" + claimed, itself);

    assertThatThrownBy(this::pull)
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "image %s/a/b:latest: index %s: expected digest %s, found %s"
                .formatted(registry.host(), claimed, claimed, Digest.sha256(index)));
    assertThat(registry.requests()).hasSize(2);
  }

  @Test
  void aRingOfIndexesEndsWhereItsDigestsDo() {
    Digest first = Digest.sha256(new byte[] {1});
    byte[] inner = ascii(indexOf(first));
    byte[] outer = ascii(indexOf(Digest.sha256(inner)));
    registry.on(MANIFEST, (request, answer) -> answer.send(200, ImageBlobs.OCI_INDEX, outer));
    registry.on(
        "/v2/a/b/manifests/" + Digest.sha256(inner),
        (request, answer) -> answer.send(200, ImageBlobs.OCI_INDEX, inner));
    registry.on(
        "/v2/a/b/manifests/" + first,
        (request, answer) -> answer.send(200, ImageBlobs.OCI_INDEX, outer));

    assertThatThrownBy(this::pull)
        .hasMessageContaining(": index " + first + ": expected digest " + first + ", found ");
    assertThat(registry.requests()).hasSize(3);
  }

  @Test
  void aConfigIsHeldToItsDigest() {
    Digest config = Digest.sha256(ascii(ImageBlobs.config(AMD64, List.of(layer))));
    registry.on(
        "/v2/a/b/blobs/" + config,
        (request, answer) ->
            answer.send(
                200,
                "application/json",
                ascii(ImageBlobs.config(new Platform("linux", "amd65", null), List.of(layer)))));

    assertThatThrownBy(this::pull)
        .hasMessageStartingWith(
            "image %s/a/b:latest: config %s: expected digest ".formatted(registry.host(), config));
  }

  @Test
  void aManifestIsOfTheTypeItIsSentAs() {
    byte[] bytes = images.blobs().getOrDefault(manifest, new byte[0]);
    registry.on(MANIFEST, (request, answer) -> answer.send(200, ImageBlobs.OCI_INDEX, bytes));

    assertThatThrownBy(this::pull)
        .hasMessage(
            "image %s/a/b:latest: index %s: mediaType: expected %s, found \"%s\""
                .formatted(
                    registry.host(), manifest, ImageBlobs.OCI_INDEX, ImageBlobs.OCI_MANIFEST));
  }

  @Test
  void ofATagTheDigestInTheHeaderMustHoldAndOfADigestItDoesNotMatter() throws IOException {
    byte[] bytes = images.blobs().getOrDefault(manifest, new byte[0]);
    for (String path : new String[] {MANIFEST, "/v2/a/b/manifests/" + manifest}) {
      registry.on(
          path, (request, answer) -> answer.send(200, bytes, "Docker-Content-Digest: sha256:no"));
    }

    assertThatThrownBy(this::pull)
        .hasMessage(
            "image %s/a/b:latest: Docker-Content-Digest: expected a digest, found \"sha256:no\""
                .formatted(registry.host()));
    pull("@" + manifest);
  }

  @Test
  void aConfigWithoutEndIsNotRead() {
    registry.gate(
        (request, answer) -> {
          boolean config =
              request.uri().getPath().startsWith("/v2/a/b/blobs/")
                  && !request.uri().getPath().equals(blob);
          if (config) {
            endlessBody(answer, 200);
          }
          return !config;
        });

    assertThatThrownBy(this::pull)
        .hasMessageMatching("image .*: config .*: expected \\d+ bytes, found more");
  }

  @Test
  void anErrorWithoutEndIsNotRead() {
    registry.on(MANIFEST, (request, answer) -> endlessBody(answer, 404));

    assertThatThrownBy(this::pull)
        .hasMessage(
            "registry \"%s\" has no image %s/a/b:latest: %s answered 404"
                .formatted(registry.host(), registry.host(), url(MANIFEST)));
  }

  private void challenge(Supplier<String> challenge) {
    registry.gate(
        (request, answer) -> {
          if (request.uri().getPath().equals("/token")) {
            return true;
          }
          answer.error(401, "UNAUTHORIZED", "who?", "WWW-Authenticate: " + challenge.get());
          return false;
        });
  }

  @Test
  void aTokenWithoutEndIsNotRead() {
    challenge(() -> "Bearer realm=\"" + url("/token") + "\"");
    registry.on("/token", (request, answer) -> endlessBody(answer, 200));

    assertThatThrownBy(this::pull)
        .hasMessage(
            "token from %s: expected at most 1048576 bytes, found more".formatted(url("/token")));
  }

  @Test
  void aTokenServerLeadsNowhereElse() {
    challenge(() -> "Bearer realm=\"" + url("/token") + "\"");
    registry.on(
        "/token",
        (request, answer) -> answer.send(307, new byte[0], "Location: " + url("/elsewhere")));

    assertThatThrownBy(this::pull)
        .hasMessage(
            "no token: "
                + url("/token")
                + " answered 307: "
                + "give others with --creds or log in: the given credentials were refused");
    assertThat(registry.count("/elsewhere")).isZero();
  }

  @Test
  void aRegistryThatIsNeverContentIsAskedTwice() {
    int[] asked = new int[1];
    challenge(() -> "Bearer realm=\"" + url("/token") + "?n=" + asked[0]++ + "\"");
    registry.on(
        "/token",
        (request, answer) ->
            answer.send(200, "application/json", ascii("{\"token\":\"t" + asked[0] + "\"}")));

    assertThatThrownBy(this::pull).hasMessageStartingWith("unauthorized to pull image ");
    assertThat(registry.count(MANIFEST)).isEqualTo(2);
    assertThat(registry.count("/token")).isEqualTo(1);
  }

  @Test
  void headersOfMegabytesAreNotKept() {
    registry.on(
        MANIFEST,
        (request, answer) -> {
          raw(answer, "HTTP/1.1 200 X\r\nX-Long: ");
          endless(answer, "x");
        });

    assertThatThrownBy(this::pull)
        .isInstanceOf(RegistryException.class)
        .hasMessageStartingWith(url(MANIFEST) + ": the connection broke: ");
    assertThat(registry.count(MANIFEST)).isEqualTo(3);
  }

  @Test
  void headersWithoutEndAreNotKept() {
    registry.on(
        MANIFEST,
        (request, answer) -> {
          raw(answer, "HTTP/1.1 200 X\r\n");
          for (int i = 0; ; i++) {
            raw(answer, "X-" + i + ": " + "x".repeat(500) + "\r\n");
          }
        });

    assertThatThrownBy(this::pull)
        .hasMessageStartingWith(url(MANIFEST) + ": the connection broke: ");
  }

  @Test
  void answersThatAnnounceAnAnswerComeToAnEnd() {
    registry.on(MANIFEST, (request, answer) -> endless(answer, "HTTP/1.1 103 X\r\n\r\n"));

    assertThatThrownBy(this::pull)
        .isInstanceOf(RegistryException.class)
        .hasMessageMatching(
            "\\Q" + url(MANIFEST) + "\\E: (no answer after 1 s|the connection broke: .*)");
  }

  @Test
  void aBodyInDripsComesToAnEnd() {
    registry.on(
        blob,
        (request, answer) -> {
          answer.head(200, layer.length);
          for (byte b : layer) {
            answer.out().write(b);
            answer.out().flush();
            pause(20);
          }
        });

    assertThatThrownBy(this::pull)
        .isInstanceOf(RegistryException.class)
        .hasMessageMatching(
            "\\Q"
                + url(blob)
                + "\\E: the answer broke off after \\d+ bytes: \"only \\d+ bytes came in \\d+ s\"");
  }

  private static void pause(int millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 X\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 X\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 X\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "HTTP/1.1 200 X\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbytes\r\n0\r\n\r\n",
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nbytes\r\n0\r\n\r\n",
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nbytes",
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbytesmore",
        "HTTP/1.1 200 X\r\nno header\r\n\r\n",
        "HTTP/1.1 99999 X\r\n\r\n",
        "HTTP/9.9 200 X\r\n\r\n",
        "SSH-2.0-x\r\n",
        "\u0000\u0001\u0002",
        "",
      })
  void whatIsNoHttpIsOneLine(String answered) {
    registry.on(blob, (request, answer) -> raw(answer, answered));

    assertThatThrownBy(this::pull)
        .isInstanceOf(DaxconvException.class)
        .message()
        .contains(url(blob))
        .matches("[ -~]*");
    // Three tries; of an answer without a byte the JDK's client makes each twice.
    assertThat(registry.count(blob)).isLessThanOrEqualTo(6);
  }

  @Test
  void secretsInWhatARegistrySaysAreNotShown() {
    registry.on(
        MANIFEST,
        (request, answer) ->
            answer.error(403, "DENIED", "https://me:secret@s.example/x?sig=secret expired"));

    assertThatThrownBy(this::pull)
        .hasMessageContaining("answered 403 DENIED \"https://***@s.example/x?*** expired\"")
        .hasMessageNotContaining("secret");
  }

  @Test
  void secretsInAReferenceAreNotShown() {
    assertThatThrownBy(() -> RegistryReference.parse("https://me:secret@r.example/a"))
        .hasMessageEndingWith("found \"https://***@r.example/a\"");
    assertThatThrownBy(() -> RegistryReference.parse("me:secret@r.example/a"))
        .hasMessageNotContaining("secret");
  }
}

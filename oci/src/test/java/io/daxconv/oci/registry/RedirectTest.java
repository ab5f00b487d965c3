package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.oci.Credentials;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.ImageBlobs;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RedirectTest {
  @TempDir Path temp;
  private final FakeRegistry registry;
  private final FakeRegistry storage;
  private final ImageBlobs images = new ImageBlobs();
  private final byte[] layer = ImageBlobs.layer("a", "b");
  private final String path = "/v2/a/b/blobs/" + Digest.sha256(layer);

  RedirectTest() throws IOException {
    registry = new FakeRegistry();
    storage = new FakeRegistry();
  }

  @BeforeEach
  void serve() {
    Digest manifest = images.image(new Platform("linux", "amd64", null), layer);
    registry.serve("a/b", images);
    registry.tag("a/b", "latest", images, manifest);
    registry.gate(
        (request, answer) -> {
          if (request.authorization() == null) {
            answer.error(401, "UNAUTHORIZED", "who?", "WWW-Authenticate: Basic realm=\"x\"");
          }
          return request.authorization() != null;
        });
    storage.on("/kept", (request, answer) -> answer.send(200, "application/octet-stream", layer));
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
    storage.close();
  }

  private byte[] pull() throws IOException {
    SourceOptions options =
        SourceOptions.builder(Map.of(), temp)
            .credentials(new Credentials("u", "p"))
            .retries(new RetryPolicy(2, Duration.ofMillis(1)))
            .build();
    try (SourceImage image =
            RegistryImage.open(
                RegistryReference.parse(registry.host() + "/a/b"), options, Timeouts.DEFAULT);
        InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      return in.readAllBytes();
    }
  }

  private void redirect(String location) {
    registry.on(path, (request, answer) -> answer.send(307, new byte[0], "Location: " + location));
  }

  @Test
  void showsCredentialsToNobodyElse() throws IOException {
    redirect("http://" + storage.host() + "/kept?signature=secret");

    assertThat(pull()).isEqualTo(layer);
    assertThat(storage.requests()).hasSize(1);
    assertThat(storage.requests().getFirst().authorization()).isNull();
    assertThat(registry.requests().getLast().authorization()).isEqualTo("Basic dTpw");
  }

  @Test
  void keepsThemOnTheSameHostAndPort() throws IOException {
    redirect("/elsewhere");
    registry.on(
        "/elsewhere", (request, answer) -> answer.send(200, "application/octet-stream", layer));

    assertThat(pull()).isEqualTo(layer);
    assertThat(registry.requests().getLast().authorization()).isEqualTo("Basic dTpw");
  }

  @Test
  void doesNotAnswerTheChallengeOfAnother() {
    redirect("http://" + storage.host() + "/guarded?signature=secret");
    storage.on(
        "/guarded",
        (request, answer) ->
            answer.error(401, "UNAUTHORIZED", "no", "WWW-Authenticate: Basic realm=\"x\""));

    assertThatThrownBy(this::pull)
        .isInstanceOf(RegistryException.class)
        .hasMessage(
            "the server that the registry refers to refuses layer 1 of 1 (sha256:%s):"
                    .formatted(Digest.sha256(layer).brief())
                + " http://%s/guarded answered 401 UNAUTHORIZED \"no\"".formatted(storage.host()));
    assertThat(storage.requests()).hasSize(1);
  }

  @Test
  void endsInARing() {
    redirect(path);

    assertThatThrownBy(this::pull)
        .hasMessage("http://" + registry.host() + path + ": more than 5 redirects");
  }

  @Test
  void refusesWhatCannotBeFetched() {
    redirect("file:///etc/passwd");
    assertThatThrownBy(this::pull)
        .hasMessage("http://" + registry.host() + path + ": redirects to what cannot be fetched");
    redirect("http://user:pass@" + storage.host() + "/kept");
    assertThatThrownBy(this::pull).hasMessageEndingWith(": redirects to what cannot be fetched");
    redirect("http://[bad");
    assertThatThrownBy(this::pull).hasMessageEndingWith(": redirects to what is no URL");
  }
}

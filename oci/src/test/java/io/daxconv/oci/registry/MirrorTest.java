package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.ImageBlobs;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.SourceOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors, proxies and warnings, over the loopback interface. */
@Timeout(60)
class MirrorTest {
  private static final Platform AMD64 = new Platform("linux", "amd64", null);

  @TempDir Path temp;
  private final FakeRegistry mirror;
  private final FakeRegistry primary;
  private final ImageBlobs images = new ImageBlobs();
  private final byte[] layer = ImageBlobs.layer("a", "b");
  private final Digest manifest = images.image(AMD64, layer);
  private final String blob = "/blobs/" + Digest.sha256(layer);
  private final List<String> heard = new CopyOnWriteArrayList<>();

  MirrorTest() throws IOException {
    mirror = new FakeRegistry();
    primary = new FakeRegistry();
  }

  @BeforeEach
  void serve() throws IOException {
    mirror.serve("m/b", images);
    mirror.tag("m/b", "latest", images, manifest);
    primary.serve("a/b", images);
    primary.tag("a/b", "latest", images, manifest);
    Files.writeString(
        temp.resolve("registries.conf"),
        """
        [[registry]]
        location = "%s/a"
        [[registry.mirror]]
        location = "%s/m"
        """
            .formatted(primary.host(), mirror.host()));
  }

  @AfterEach
  void stop() throws IOException {
    mirror.close();
    primary.close();
  }

  private SourceOptions.Builder options(Map<String, String> environment) {
    return SourceOptions.builder(environment, temp)
        .platform(AMD64)
        .systemConfig(temp.resolve("etc"))
        .retries(new RetryPolicy(0, Duration.ZERO))
        .listener(
            new SourceListener() {
              @Override
              public void warned(String warning) {
                heard.add(warning);
              }
            });
  }

  private byte[] pull(String reference, SourceOptions options) throws IOException {
    try (SourceImage image =
            RegistryImage.open(RegistryReference.parse(reference), options, Timeouts.DEFAULT);
        InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      return in.readAllBytes();
    }
  }

  private byte[] pullMirrored() throws IOException {
    return pull(
        primary.host() + "/a/b",
        options(Map.of()).registriesConf(temp.resolve("registries.conf")).build());
  }

  @Test
  void theMirrorIsAskedFirst() throws IOException {
    assertThat(pullMirrored()).isEqualTo(layer);
    assertThat(primary.requests()).isEmpty();
  }

  @Test
  void theRegistryIsAskedWhereTheMirrorHasNothing() throws IOException {
    mirror.gate(
        (request, answer) -> {
          answer.error(404, "NAME_UNKNOWN", "no");
          return false;
        });
    assertThat(pullMirrored()).isEqualTo(layer);
    assertThat(mirror.requests()).hasSize(1);
  }

  @Test
  void aBlobThatTheMirrorLacksComesFromTheRegistry() throws IOException {
    mirror.on("/v2/m/b" + blob, (request, answer) -> answer.error(404, "BLOB_UNKNOWN", "no"));
    assertThat(pullMirrored()).isEqualTo(layer);
    assertThat(primary.count("/v2/a/b" + blob)).isEqualTo(1);
  }

  @Test
  void aProxyIsAskedForWhatIsNotHere() throws IOException {
    SourceOptions options =
        options(Map.of("HTTP_PROXY", "http://me:secret@" + primary.host())).plainHttp(true).build();
    assertThat(pull("registry.test/a/b", options)).isEqualTo(layer);
    assertThat(primary.requests())
        .allSatisfy(
            request ->
                assertThat(request.headers())
                    .containsEntry("host", "registry.test")
                    .containsEntry("proxy-authorization", "Basic bWU6c2VjcmV0"));
  }

  @Test
  void aWarningIsToldOnceAndSafely() throws IOException {
    byte[] bytes = images.blobs().getOrDefault(manifest, new byte[0]);
    primary.on(
        "/v2/a/b/manifests/latest",
        (request, answer) ->
            answer.send(
                200,
                bytes,
                "Content-Type: " + ImageBlobs.OCI_MANIFEST,
                "Warning: 299 - \"old \\\"tag\\\"\"",
                "Warning: 299 - \"old \\\"tag\\\"\"",
                "Warning: 110 cache \"stale\""));
    assertThat(pull(primary.host() + "/a/b", options(Map.of()).build())).isEqualTo(layer);
    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst())
        .startsWith("registry \"" + primary.host() + "\" warns: \"old ")
        .doesNotContain("stale");
  }
}

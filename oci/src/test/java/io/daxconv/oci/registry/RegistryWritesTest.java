package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.manifest.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What registries say to manifests that are put. */
@Timeout(60)
class RegistryWritesTest {
  private static final byte[] MANIFEST = "{}".getBytes(StandardCharsets.UTF_8);
  private static final String DIGEST = Digest.sha256(MANIFEST).toString();

  @TempDir Path temp;
  private final FakeRegistry registry;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();

  RegistryWritesTest() throws IOException {
    registry = new FakeRegistry();
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private void refuse(int times, String code) {
    registry.on(
        "/v2/a/b/manifests/" + DIGEST,
        (request, answer) -> {
          if (asked.getAndIncrement() < times) {
            answer.error(400, code, "no");
          } else {
            answer.send(201, new byte[0]);
          }
        });
  }

  private void write(String hostsToml) throws IOException {
    Path directory = temp.resolve("etc/containerd/certs.d/registry.test");
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("hosts.toml"), hostsToml);
  }

  private RegistryRepository open(String reference) throws IOException {
    SourceOptions options =
        SourceOptions.builder(Map.of(), temp)
            .systemConfig(temp.resolve("etc"))
            .retries(new RetryPolicy(2, Duration.ofMillis(1)))
            .listener(
                new SourceListener() {
                  @Override
                  public void warned(String warning) {
                    heard.add(warning);
                  }
                })
            .build();
    return RegistryRepository.open(RegistryReference.parse(reference), options);
  }

  private void put() throws IOException {
    try (RegistryRepository repository = open(registry.host() + "/a/b")) {
      assertThat(repository.putManifest(DIGEST, MediaTypes.OCI_MANIFEST, MANIFEST, "")).isFalse();
    }
  }

  @Test
  void aDigestThatIsRightIsNotWrongForLong() throws IOException {
    refuse(2, "DIGEST_INVALID");

    put();

    assertThat(asked).hasValue(3);
  }

  @Test
  void theHostThatCanPushIsSentItsHeadersAndHeardOnce() throws IOException {
    FakeRegistry other = new FakeRegistry();
    try (other) {
      write(
          """
          server = "http://%1$s"
          [host."http://%2$s/up"]
          capabilities = ["push"]
          [host."http://%2$s/up".header]
          x-one = "a"
          """
              .formatted(other.host(), registry.host()));
      registry.on(
          "/up/v2/a/b/manifests/" + DIGEST,
          (request, answer) ->
              answer.send(
                  201, new byte[0], "OCI-Subject: here", "Warning: 299 - \"the last summer\""));
      try (RegistryRepository repository = open("registry.test/a/b")) {
        assertThat(repository.manifest("1")).isNull();
        for (int i = 0; i < 2; i++) {
          assertThat(repository.putManifest(DIGEST, MediaTypes.OCI_MANIFEST, MANIFEST, ""))
              .isTrue();
        }
      }
      assertThat(other.requests()).isEmpty();
    }
    assertThat(registry.requests())
        .hasSize(3)
        .allSatisfy(
            request -> {
              assertThat(request.uri().getQuery()).isEqualTo("ns=registry.test");
              assertThat(request.headers()).containsEntry("x-one", "a");
            });
    assertThat(heard)
        .containsExactly("registry \"" + registry.host() + "\" warns: \"the last summer\"");
  }

  @Test
  void aDigestThatStaysWrongIsAnError() {
    refuse(9, "DIGEST_INVALID");

    assertThatThrownBy(this::put)
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("answered 400 DIGEST_INVALID");
    assertThat(asked).hasValue(3);
  }

  @Test
  void aManifestThatIsRefusedIsPutOnce() {
    refuse(9, "MANIFEST_INVALID");

    assertThatThrownBy(this::put).hasMessageContaining("answered 400 MANIFEST_INVALID");
    assertThat(asked).hasValue(1);
  }
}

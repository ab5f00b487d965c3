package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.manifest.MediaTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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

  private void put() throws IOException {
    SourceOptions options =
        SourceOptions.builder(Map.of(), temp)
            .systemConfig(temp.resolve("etc"))
            .retries(new RetryPolicy(2, Duration.ofMillis(1)))
            .build();
    try (RegistryRepository repository =
        RegistryRepository.open(RegistryReference.parse(registry.host() + "/a/b"), options)) {
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

package io.daxconv.oci.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.MediaTypes;
import io.daxconv.oci.registry.RegistryReference;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An artifact's blob is held to its digest, whether it passes through the cache or not. */
@Timeout(60)
final class ArtifactFetchTest {
  @TempDir private Path temp;
  private final FakeRegistry registry;
  private final byte[] file = new byte[300_000];
  private byte[] blob = {};

  ArtifactFetchTest() throws IOException {
    registry = new FakeRegistry();
  }

  @BeforeEach
  void serve() throws IOException {
    new SplittableRandom(3).nextBytes(file);
    Path from = Files.write(temp.resolve("file"), file);
    SeekableFrames.Written written;
    try (FileChannel in = FileChannel.open(from);
        FileChannel out =
            FileChannel.open(
                temp.resolve("frames"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      written = SeekableFrames.write(in, file.length, out, 1, done -> {});
    }
    blob = Files.readAllBytes(temp.resolve("frames"));
    byte[] manifest =
        new ArtifactManifest(
                null,
                Descriptor.of(ArtifactTypes.CONTENT, written.digest(), written.size()),
                written.contentDigest(),
                file.length,
                new ImageFacts(8, 4096, "daxfs", null, ""))
            .toBytes();
    for (String name : new String[] {"1", Digest.sha256(manifest).toString()}) {
      registry.on(
          "/v2/a/b/manifests/" + name,
          (request, answer) -> answer.send(200, MediaTypes.OCI_MANIFEST, manifest));
    }
    registry.on(
        "/v2/a/b/blobs/" + written.digest(), (request, answer) -> answer.send(200, "a/b", blob));
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private byte[] fetch(boolean keepBlobs) throws IOException {
    SourceOptions options =
        SourceOptions.builder(Map.of(), temp)
            .systemConfig(temp.resolve("etc"))
            .cacheDir(temp.resolve("cache"))
            .keepBlobs(keepBlobs)
            .retries(new RetryPolicy(0, Duration.ZERO))
            .build();
    Path to = temp.resolve("fetched");
    try (ArtifactPull pull =
            ArtifactPull.openToRead(RegistryReference.parse(registry.host() + "/a/b:1"), options);
        FileChannel channel =
            FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ArtifactPull.Found found = Objects.requireNonNull(pull.find(4096).found());
      pull.fetch(found, channel, ArtifactListener.NONE);
    }
    return Files.readAllBytes(to);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isTheFileThatWasPushed(boolean keepBlobs) throws IOException {
    assertThat(fetch(keepBlobs)).isEqualTo(file);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whereOnlyTheBlobIsWrongAndTheFileIsRight(boolean keepBlobs) {
    // In the table of frames, which no decoder looks at.
    blob[blob.length - 14] ^= 1;
    assertThatThrownBy(() -> fetch(keepBlobs))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("expected " + blob.length + " bytes with ");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatStandsBehindTheTableIsNotPassedOver(boolean keepBlobs) {
    blob = Arrays.copyOf(blob, blob.length + 1);
    assertThatThrownBy(() -> fetch(keepBlobs)).isInstanceOf(IOException.class);
  }
}

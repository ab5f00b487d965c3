package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.ImageBlobs;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.SourceOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RegistryImageTest {
  private static final Platform AMD64 = new Platform("linux", "amd64", null);

  @TempDir Path temp;
  private final FakeRegistry registry;
  private final ImageBlobs images = new ImageBlobs();
  private final byte[] lower = ImageBlobs.layer("a", "lower");
  private final byte[] upper = ImageBlobs.layer("b", "upper");
  private final Digest manifest = images.image(AMD64, lower, upper);
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private SourceOptions.Builder options = SourceOptions.builder(Map.of(), Path.of("/nonexistent"));

  RegistryImageTest() throws IOException {
    registry = new FakeRegistry();
  }

  @BeforeEach
  void serve() {
    registry.serve("a/b", images);
    registry.tag("a/b", "latest", images, manifest);
    options = options().listener(listener());
  }

  private SourceOptions.Builder options() {
    return SourceOptions.builder(Map.of(), temp)
        .cacheDir(temp.resolve("cache"))
        .retries(new RetryPolicy(2, Duration.ofMillis(1)));
  }

  private SourceListener listener() {
    return new SourceListener() {
      @Override
      public void blobFinished(Digest digest, long size, boolean cached) {
        heard.add(digest.brief() + (cached ? " cached" : " downloaded"));
      }

      @Override
      public void retrying(String reason) {
        heard.add("retry: " + reason);
      }
    };
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private SourceImage open(String name) throws IOException {
    return open(name, Timeouts.DEFAULT);
  }

  private SourceImage open(String name, Timeouts timeouts) throws IOException {
    return RegistryImage.open(
        RegistryReference.parse(registry.host() + "/" + name), options.build(), timeouts);
  }

  private static byte[] bytes(SourceImage image, int layer) throws IOException {
    try (InputStream in = ((TarLayer) image.layers().get(layer)).blob().open()) {
      return in.readAllBytes();
    }
  }

  private String blob(byte[] bytes) {
    return "/v2/a/b/blobs/" + Digest.sha256(bytes);
  }

  private String url(byte[] bytes) {
    return "http://" + registry.host() + blob(bytes);
  }

  private String label(int layer) {
    byte[] bytes = layer == 1 ? lower : upper;
    return "layer %d of 2 (sha256:%s)".formatted(layer, Digest.sha256(bytes).brief());
  }

  private List<String> cacheFiles() throws IOException {
    try (Stream<Path> files = Files.list(temp.resolve("cache/blobs/sha256"))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void pullsAnImage() throws IOException {
    try (SourceImage image = open("a/b")) {
      assertThat(image.provenance().reference()).isEqualTo(registry.host() + "/a/b:latest");
      assertThat(image.provenance().manifestDigest()).isEqualTo(manifest);
      assertThat(image.provenance().layerDigests())
          .containsExactly(Digest.sha256(lower), Digest.sha256(upper));
      assertThat(bytes(image, 1)).isEqualTo(upper);
      assertThat(bytes(image, 0)).isEqualTo(lower);
      assertThat(bytes(image, 0)).isEqualTo(lower);
    }
    assertThat(cacheFiles())
        .containsExactlyInAnyOrder(Digest.sha256(lower).hex(), Digest.sha256(upper).hex());
  }

  @Test
  void downloadsTheNewestLayerFirst() throws IOException {
    options.maxDownloads(1);
    try (SourceImage image = open("a/b")) {
      assertThat(bytes(image, 0)).isEqualTo(lower);
    }
    assertThat(heard)
        .containsExactly(
            Digest.sha256(upper).brief() + " downloaded",
            Digest.sha256(lower).brief() + " downloaded");
  }

  @Test
  void choosesFromAnIndexAndPullsByDigest() throws IOException {
    Digest index =
        images.add(
            ImageBlobs.index(
                images.descriptor(
                    ImageBlobs.OCI_MANIFEST, manifest, new Platform("linux", "arm", "v7"))));
    registry.serve("a/b", images);
    options.platform(new Platform("linux", "arm", null));

    try (SourceImage image = open("a/b:ignored@" + index)) {
      assertThat(image.provenance().indexDigest()).isEqualTo(index);
      assertThat(image.provenance().manifestDigest()).isEqualTo(manifest);
      assertThat(image.provenance().reference())
          .isEqualTo(registry.host() + "/a/b:ignored@" + index);
    }
    assertThat(registry.count("/v2/a/b/manifests/ignored")).isZero();
  }

  @Test
  void fetchesABlobThatIsTwoLayersOnce() throws IOException {
    registry.tag("a/b", "twice", images, images.image(AMD64, lower, lower));
    registry.serve("a/b", images);

    try (SourceImage image = open("a/b:twice")) {
      assertThat(bytes(image, 0)).isEqualTo(lower);
      assertThat(bytes(image, 1)).isEqualTo(lower);
    }
    assertThat(registry.count(blob(lower))).isEqualTo(1);
  }

  @Test
  void refusesAManifestThatIsNotItsDigest() {
    Digest wrong = Digest.sha256(new byte[0]);
    registry.tag("a/b", wrong.toString(), images, manifest);

    assertThatThrownBy(() -> open("a/b@" + wrong))
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "image %s/a/b@%s: manifest %s: expected digest %s, found %s"
                .formatted(registry.host(), wrong, wrong, wrong, manifest));
  }

  @Test
  void refusesAManifestThatIsNotWhatTheRegistrySays() {
    registry.on(
        "/v2/a/b/manifests/odd",
        (request, answer) ->
            answer.send(
                200, "{}".getBytes(StandardCharsets.UTF_8), "Docker-Content-Digest: " + manifest));

    assertThatThrownBy(() -> open("a/b:odd"))
        .hasMessageContaining(": manifest: expected digest " + manifest + ", found sha256:");
  }

  @Test
  void refusesAManifestWithoutEnd() {
    registry.on(
        "/v2/a/b/manifests/long",
        (request, answer) -> {
          answer.head(200, Long.MAX_VALUE);
          while (true) {
            answer.out().write(new byte[1 << 16]);
          }
        });

    assertThatThrownBy(() -> open("a/b:long"))
        .hasMessage(
            ("image %s/a/b:long: manifest: expected at most 4194304 bytes in a manifest, index or"
                    + " config, found 4194305")
                .formatted(registry.host()));
  }

  @Test
  void cachesNoLayerThatIsNotItsDigest() throws IOException {
    byte[] wrong = upper.clone();
    wrong[600] ^= 1;
    registry.on(
        blob(upper), (request, answer) -> answer.send(200, "application/octet-stream", wrong));

    try (SourceImage image = open("a/b")) {
      assertThatThrownBy(() -> bytes(image, 1))
          .isInstanceOf(SourceException.class)
          .hasMessage(
              "%s, %s: blob %s: expected %d bytes with this digest, found %d bytes with %s"
                  .formatted(
                      label(2),
                      url(upper),
                      Digest.sha256(upper),
                      upper.length,
                      upper.length,
                      Digest.sha256(wrong)));
      assertThat(bytes(image, 0)).isEqualTo(lower);
    }
    assertThat(cacheFiles()).containsExactly(Digest.sha256(lower).hex());
  }

  @Test
  void refusesALayerThatIsTooLong() throws IOException {
    byte[] longer = Arrays.copyOf(upper, upper.length + 1);
    registry.on(
        blob(upper), (request, answer) -> answer.send(200, "application/octet-stream", longer));

    try (SourceImage image = open("a/b")) {
      assertThatThrownBy(() -> bytes(image, 1))
          .hasMessage(
              "%s, %s: blob %s: expected %d bytes, the registry sends more"
                  .formatted(label(2), url(upper), Digest.sha256(upper), upper.length));
    }
  }

  @Test
  void beginsAnewWhereADownloadBreaksOff() throws IOException {
    AtomicInteger tries = new AtomicInteger();
    registry.on(
        blob(upper),
        (request, answer) -> {
          answer.head(200, upper.length);
          boolean whole = tries.incrementAndGet() == 3;
          answer.out().write(upper, 0, whole ? upper.length : 1000);
        });

    try (SourceImage image = open("a/b")) {
      assertThat(bytes(image, 1)).isEqualTo(upper);
    }
    assertThat(heard.stream().filter(line -> line.contains("broke off after 1000 bytes")))
        .hasSize(2);
  }

  @Test
  void takesAShortAnswerForABrokenOne() throws IOException {
    registry.on(
        blob(upper),
        (request, answer) ->
            answer.send(200, "application/octet-stream", Arrays.copyOf(upper, 10)));

    try (SourceImage image = open("a/b")) {
      assertThatThrownBy(() -> bytes(image, 1))
          .isInstanceOf(RegistryException.class)
          .hasMessage(
              "%s: expected %d bytes, the answer ended after 10: http://%s%s"
                  .formatted(label(2), upper.length, registry.host(), blob(upper)));
    }
    assertThat(registry.count(blob(upper))).isEqualTo(3);
  }

  @Test
  void triesAgainWhatMayPass() throws IOException {
    AtomicInteger tries = new AtomicInteger();
    registry.gate(
        (request, answer) -> {
          int status = new int[] {503, 429, 0}[Math.min(2, tries.getAndIncrement())];
          if (status > 0) {
            answer.error(status, "UNKNOWN", "later");
          }
          return status == 0;
        });

    try (SourceImage image = open("a/b")) {
      assertThat(bytes(image, 0)).isEqualTo(lower);
    }
    assertThat(heard.getFirst())
        .isEqualTo(
            "retry: registry \"%s\" failed: http://%s/v2/a/b/manifests/latest answered 503 UNKNOWN"
                    .formatted(registry.host(), registry.host())
                + " \"later\"");
  }

  @Test
  void tellsWhatIsNotThere() {
    assertThatThrownBy(() -> open("a/b:none"))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> {
              assertThat(e.status()).isEqualTo(404);
              assertThat(e.code()).isEqualTo("MANIFEST_UNKNOWN");
              assertThat(e.temporary()).isFalse();
            })
        .hasMessage(
            "registry \"%1$s\" has no image %1$s/a/b:none: http://%1$s/v2/a/b/manifests/none"
                    .formatted(registry.host())
                + " answered 404 MANIFEST_UNKNOWN \"manifest unknown\"");
  }

  @Test
  void tellsThatARegistryTakesNoMore() {
    registry.gate(
        (request, answer) -> {
          answer.error(429, "TOOMANYREQUESTS", "slow\\u001b[31m down");
          return false;
        });

    assertThatThrownBy(() -> open("a/b"))
        .hasMessage(
            "registry \"%1$s\" takes no more requests for now: try again later, or log in:"
                    .formatted(registry.host())
                + " http://%1$s/v2/a/b/manifests/latest answered 429 TOOMANYREQUESTS"
                    .formatted(registry.host())
                + " \"slow%1B[31m down\"");
    assertThat(registry.requests()).hasSize(3);
  }

  @Test
  void doesNotFollowForeignLayersElsewhere() throws IOException {
    Digest config = images.add(ImageBlobs.config(AMD64, List.of(lower)));
    Digest foreign =
        images.add(
            ImageBlobs.manifest(
                images.descriptor(ImageBlobs.OCI_CONFIG, config, ""),
                images.descriptor(
                    "application/vnd.oci.image.layer.nondistributable.v1.tar",
                    Digest.sha256(lower),
                    ",\"urls\":[\"https://elsewhere.invalid/x\"]")));
    registry.serve("a/b", images);
    registry.on(
        blob(lower), (request, answer) -> answer.error(404, "BLOB_UNKNOWN", "blob unknown"));

    try (SourceImage image = open("a/b@" + foreign)) {
      assertThatThrownBy(() -> bytes(image, 0))
          .hasMessageEndingWith(
              "answered 404 BLOB_UNKNOWN \"blob unknown\": it is to be fetched from elsewhere (a"
                  + " foreign layer), which is not done");
    }
  }

  @Test
  void healsItsCache() throws IOException {
    open("a/b").close();
    try (SourceImage image = open("a/b")) {
      assertThat(bytes(image, 1)).isEqualTo(upper);
      assertThat(bytes(image, 0)).isEqualTo(lower);
    }
    Path cached = temp.resolve("cache/blobs/sha256").resolve(Digest.sha256(upper).hex());
    byte[] flipped = upper.clone();
    flipped[512] ^= 1;
    Files.write(cached, flipped);
    heard.clear();

    try (SourceImage image = open("a/b")) {
      assertThat(bytes(image, 1)).isEqualTo(upper);
      assertThat(bytes(image, 0)).isEqualTo(lower);
    }
    assertThat(cached).hasBinaryContent(upper);
    assertThat(heard)
        .containsExactlyInAnyOrder(
            Digest.sha256(upper).brief() + " downloaded", Digest.sha256(lower).brief() + " cached");
  }

  @Test
  void sharesItsCacheWithOthersAtWork() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    registry.on(
        blob(upper),
        (request, answer) -> {
          both.countDown();
          answer.head(200, upper.length);
          await(both);
          answer.out().write(upper);
        });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> pulls =
          Stream.of(1, 2).map(i -> threads.submit(this::pullUpper)).toList();
      for (Future<byte[]> pull : pulls) {
        assertThat(pull.get()).isEqualTo(upper);
      }
    }
    assertThat(cacheFiles()).hasSize(2);
  }

  private byte[] pullUpper() throws IOException {
    try (SourceImage image = open("a/b")) {
      assertThat(bytes(image, 0)).isEqualTo(lower);
      return bytes(image, 1);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void leavesNothingWhenItIsClosedEarly() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    registry.on(
        blob(upper),
        (request, answer) -> {
          answer.head(200, upper.length);
          answer.out().write(upper, 0, 1000);
          answer.out().flush();
          begun.countDown();
          await(never);
        });

    SourceImage image = open("a/b");
    assertThat(bytes(image, 0)).isEqualTo(lower);
    begun.await();
    image.close();

    assertThat(cacheFiles()).containsExactly(Digest.sha256(lower).hex());
    assertThatThrownBy(() -> bytes(image, 1))
        .hasMessage("blob " + Digest.sha256(upper) + ": the image was closed");
  }

  @Test
  void doesNotWaitForEverForABody() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    registry.on(
        blob(upper),
        (request, answer) -> {
          answer.head(200, upper.length);
          answer.out().write(upper, 0, 1000);
          answer.out().flush();
          await(never);
        });
    Timeouts timeouts =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300));

    try (SourceImage image = open("a/b", timeouts)) {
      assertThatThrownBy(() -> bytes(image, 1))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("the answer broke off after 1000 bytes: \"nothing came for");
    }
  }

  @Test
  void saysThatThereIsNoRegistry() throws IOException {
    String host = registry.host();
    registry.close();

    assertThatThrownBy(() -> open("a/b"))
        .isInstanceOf(RegistryException.class)
        .hasMessage("http://" + host + "/v2/a/b/manifests/latest: cannot connect");
  }
}

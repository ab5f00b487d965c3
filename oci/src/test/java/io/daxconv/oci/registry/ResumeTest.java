package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.FakeRegistry.Answer;
import io.daxconv.oci.FakeRegistry.Request;
import io.daxconv.oci.ImageBlobs;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads that are cut off go on where they stopped, and are held to the digest as a whole. */
@Timeout(60)
class ResumeTest {
  private static final Platform AMD64 = new Platform("linux", "amd64", null);
  private static final int SIZE = 3_000_000;

  @TempDir Path temp;
  private final FakeRegistry registry;
  private final ImageBlobs images = new ImageBlobs();
  private final byte[] layer = random();
  private final Digest digest = Digest.sha256(layer);
  private final Digest manifest = images.image(AMD64, layer);
  private final String blob = "/v2/a/b/blobs/" + digest;

  ResumeTest() throws IOException {
    registry = new FakeRegistry();
  }

  private static byte[] random() {
    byte[] bytes = new byte[SIZE];
    new SplittableRandom(7).nextBytes(bytes);
    return bytes;
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

  private byte[] pull(int retries) throws IOException {
    try (SourceImage image = open(retries);
        InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      return in.readAllBytes();
    }
  }

  private SourceImage open(int retries) throws IOException {
    SourceOptions options =
        SourceOptions.builder(Map.of(), temp)
            .cacheDir(temp.resolve("cache"))
            .platform(AMD64)
            .retries(new RetryPolicy(retries, Duration.ofMillis(1)))
            .build();
    return RegistryImage.open(
        RegistryReference.parse(registry.host() + "/a/b"), options, Timeouts.DEFAULT);
  }

  private Path part() {
    return temp.resolve("cache/blobs/sha256").resolve(digest.hex() + ".part");
  }

  private List<String> asked(String header) {
    return registry.requests().stream()
        .filter(request -> request.uri().getPath().equals(blob))
        .map(request -> request.headers().getOrDefault(header, "-"))
        .toList();
  }

  /** Answers as a registry that knows ranges does, at most some bytes of the body. */
  private static void range(Request request, Answer answer, byte[] bytes, int most)
      throws IOException {
    String range = request.headers().getOrDefault("range", "bytes=0-");
    int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    String content =
        "Content-Range: bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length);
    answer.head(from == 0 ? 200 : 206, bytes.length - from, "ETag: \"one\"", content);
    answer.out().write(bytes, from, Math.min(most, bytes.length - from));
  }

  @Test
  void goesOnWhereAnAnswerBrokeOffHoweverOften() throws IOException {
    registry.on(blob, (request, answer) -> range(request, answer, layer, 400_000));

    assertThat(pull(1)).isEqualTo(layer);
    assertThat(asked("range"))
        .hasSizeBetween(8, 16)
        .startsWith("-")
        .last()
        .asString()
        .isNotEqualTo("-");
    assertThat(asked("if-range")).startsWith("-", "\"one\"").containsOnly("-", "\"one\"");
  }

  @Test
  void goesOnWhereAnEarlierRunStopped() throws IOException {
    registry.on(blob, (request, answer) -> range(request, answer, layer, 2_000_000));
    assertThatThrownBy(() -> pull(0)).isInstanceOf(RegistryException.class);
    long kept = Files.size(part());
    assertThat(kept).isBetween(1L << 20, 2_000_000L);

    assertThat(pull(0)).isEqualTo(layer);
    assertThat(asked("range")).containsExactly("-", "bytes=" + kept + "-");
    assertThat(part()).doesNotExist();
  }

  @Test
  void beginsAnewIfWhatAnEarlierRunLeftIsWrong() throws IOException {
    Files.createDirectories(part().getParent());
    Files.write(part(), new byte[2_000_000]);
    registry.on(blob, (request, answer) -> range(request, answer, layer, SIZE));

    assertThat(pull(0)).isEqualTo(layer);
    assertThat(asked("range")).containsExactly("bytes=2000000-", "-");
  }

  @Test
  void takesAllOfItWhereThereAreNoRanges() throws IOException {
    AtomicInteger tries = new AtomicInteger();
    registry.on(
        blob,
        (request, answer) -> {
          answer.head(200, SIZE);
          answer.out().write(layer, 0, tries.getAndIncrement() == 0 ? 2_000_000 : SIZE);
        });

    assertThat(pull(1)).isEqualTo(layer);
    assertThat(tries).hasValue(2);
  }

  @Test
  void doesNotBelieveAnotherRangeThanItAskedFor() throws IOException {
    registry.on(
        blob,
        (request, answer) -> {
          if (request.headers().containsKey("range")) {
            answer.send(206, Arrays.copyOf(layer, 10), "Content-Range: bytes 0-9/" + SIZE);
          } else {
            answer.head(200, SIZE);
            answer.out().write(layer, 0, asked("range").size() == 1 ? 2_000_000 : SIZE);
          }
        });

    assertThat(pull(3)).isEqualTo(layer);
    assertThat(asked("range")).hasSize(3).last().isEqualTo("-");
  }

  @Test
  void findsThatTheRestIsOfAnotherBlob() throws IOException {
    byte[] other = layer.clone();
    other[SIZE - 1] ^= 1;
    CountDownLatch read = new CountDownLatch(1);
    registry.on(
        blob,
        (request, answer) -> {
          if (request.headers().containsKey("range")) {
            await(read);
          }
          range(request, answer, other, 2_000_000);
        });

    try (SourceImage image = open(2);
        InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      assertThat(in.read()).isEqualTo(layer[0] & 0xff);
      read.countDown();
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(SourceException.class)
          .hasMessageContaining(
              "expected 3000000 bytes with this digest, found 3000000 bytes with");
    }
    assertThat(part()).doesNotExist();
  }

  @Test
  void isReadWhileItComesIn() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    registry.on(
        blob,
        (request, answer) -> {
          answer.head(200, SIZE);
          answer.out().write(layer, 0, 500_000);
          answer.out().flush();
          await(read);
          answer.out().write(layer, 500_000, SIZE - 500_000);
        });

    try (SourceImage image = open(0);
        InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      assertThat(in.readNBytes(100_000)).isEqualTo(Arrays.copyOf(layer, 100_000));
      read.countDown();
      assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(layer, 100_000, SIZE));
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
  void waitsAsLongAsTheRegistryAsksAndNoLonger() throws IOException {
    registry.gate(
        (request, answer) -> {
          answer.error(429, "TOOMANYREQUESTS", "later", "Retry-After: 3600");
          return false;
        });

    assertThatThrownBy(() -> pull(5))
        .hasMessageEndingWith(
            "answered 429 TOOMANYREQUESTS \"later\", to be asked again after 3600 s");
    assertThat(registry.requests()).hasSize(1);
  }
}

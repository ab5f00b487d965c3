package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Layers that are read straight from a registry and kept nowhere. */
@Timeout(60)
class BlobStreamTest {
  private static final Platform AMD64 = new Platform("linux", "amd64", null);
  private static final int SIZE = 3_000_000;

  @TempDir Path temp;
  private final FakeRegistry registry;
  private final ImageBlobs images = new ImageBlobs();
  private final byte[] layer = random();
  private final Digest manifest = images.image(AMD64, layer);
  private final String blob = "/v2/a/b/blobs/" + Digest.sha256(layer);

  BlobStreamTest() throws IOException {
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

  private SourceImage open(int retries) throws IOException {
    SourceOptions options =
        SourceOptions.builder(Map.of(), temp)
            .cacheDir(temp.resolve("cache"))
            .keepBlobs(false)
            .platform(AMD64)
            .retries(new RetryPolicy(retries, Duration.ofMillis(1)))
            .build();
    return RegistryImage.open(
        RegistryReference.parse(registry.host() + "/a/b"), options, Timeouts.DEFAULT);
  }

  private byte[] pull(int retries) throws IOException {
    try (SourceImage image = open(retries);
        InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      return in.readAllBytes();
    }
  }

  private List<String> ranges() {
    return registry.requests().stream()
        .filter(request -> request.uri().getPath().equals(blob))
        .map(request -> request.headers().getOrDefault("range", "-"))
        .toList();
  }

  /** Answers as a registry that knows ranges does, at most some bytes of the body. */
  private void range(Request request, Answer answer, int most) throws IOException {
    String range = request.headers().getOrDefault("range", "bytes=0-");
    int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    String content = "Content-Range: bytes %d-%d/%d".formatted(from, SIZE - 1, SIZE);
    answer.head(from == 0 ? 200 : 206, SIZE - from, "ETag: \"one\"", content);
    answer.out().write(layer, from, Math.min(most, SIZE - from));
  }

  @Test
  void isWhatTheRegistryHasAndNothingIsKept() throws IOException {
    assertThat(pull(0)).isEqualTo(layer);
    assertThat(ranges()).containsExactly("-");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void isNotAskedForBeforeItIsRead() throws IOException {
    try (SourceImage image = open(0)) {
      assertThat(image.layers()).hasSize(1);
      assertThat(ranges()).isEmpty();
    }
  }

  @Test
  void goesOnWhereAnAnswerBrokeOffHoweverOften() throws IOException {
    registry.on(blob, (request, answer) -> range(request, answer, 400_000));

    assertThat(pull(1)).isEqualTo(layer);
    assertThat(ranges()).hasSizeBetween(8, 16).startsWith("-").doesNotHaveDuplicates();
  }

  @Test
  void passesOverWhatItHasWhereThereAreNoRanges() throws IOException {
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
            answer.out().write(layer, 0, ranges().size() == 1 ? 2_000_000 : SIZE);
          }
        });

    assertThat(pull(3)).isEqualTo(layer);
    assertThat(ranges()).hasSize(3).last().isEqualTo("-");
  }

  @Test
  void givesUpOnARegistryThatSendsAFewBytesAtATime() {
    registry.on(blob, (request, answer) -> range(request, answer, 1000));

    assertThatThrownBy(() -> pull(4))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("the answer broke off");
    assertThat(ranges()).hasSize(5);
  }

  @Test
  void asksForItAgainWhenItIsReadAgain() throws IOException {
    try (SourceImage image = open(0)) {
      for (int i = 0; i < 2; i++) {
        try (InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
          assertThat(in.readAllBytes()).isEqualTo(layer);
        }
      }
    }
    assertThat(ranges()).containsExactly("-", "-");
  }

  @Test
  void isHeldToItsDigestByWhoeverConvertsIt() throws IOException {
    byte[] right = ImageBlobs.layer("a", "b");
    Digest image = images.image(AMD64, right);
    registry.serve("a/b", images);
    registry.tag("a/b", "latest", images, image);
    byte[] wrong = right.clone();
    wrong[right.length - 1] ^= 1;
    registry.on(
        "/v2/a/b/blobs/" + Digest.sha256(right), (request, answer) -> answer.send(200, wrong));
    Path output = temp.resolve("image.daxfs");

    try (SourceImage source = open(0)) {
      assertThatThrownBy(
              () ->
                  Converter.convert(
                      source, output, ConversionOptions.DEFAULT, ConversionListener.NONE))
          .isInstanceOf(DaxconvException.class)
          .hasMessageContaining("expected digest " + Digest.sha256(right) + ", found ");
    }
    assertThat(temp).isEmptyDirectory();
  }
}

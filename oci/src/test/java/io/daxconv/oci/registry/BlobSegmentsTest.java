package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.FakeRegistry.Answer;
import io.daxconv.oci.FakeRegistry.Request;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.blob.BlobCache;
import io.daxconv.oci.manifest.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A large blob by several requests at once. */
@Timeout(60)
class BlobSegmentsTest {
  private static final int SIZE = 3_000_000;
  private static final int EACH = 100_000;
  private static final BlobSegments.Sizes SIZES = new BlobSegments.Sizes(300_000, EACH);

  @TempDir Path temp;
  private final FakeRegistry registry;
  private final byte[] layer = random();
  private final Digest digest = Digest.sha256(layer);
  private final String blob = "/v2/a/b/blobs/" + digest;
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();

  BlobSegmentsTest() throws IOException {
    registry = new FakeRegistry();
  }

  private static byte[] random() {
    byte[] bytes = new byte[SIZE];
    new SplittableRandom(7).nextBytes(bytes);
    return bytes;
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private byte[] pull(int slots, int retries) throws IOException {
    SourceOptions options =
        SourceOptions.builder(Map.of(), temp)
            .systemConfig(temp.resolve("etc"))
            .retries(new RetryPolicy(retries, Duration.ofMillis(1)))
            .build();
    HostClients hosts =
        HostClients.toPush(
            RegistryReference.parse(registry.host() + "/a/b"), options, Timeouts.DEFAULT);
    BlobCache cache = BlobCache.open(temp.resolve("cache"));
    try (LayerDownloads downloads =
        new LayerDownloads(
            hosts.forBlobs(), hosts, cache, SourceListener.NONE, slots, true, SIZES)) {
      downloads.start("layer", Descriptor.of("application/octet-stream", digest, SIZE));
      try (InputStream in = downloads.source(digest).open()) {
        return in.readAllBytes();
      }
    }
  }

  private List<String> asked() {
    return registry.requests().stream()
        .map(request -> request.headers().getOrDefault("range", "-"))
        .toList();
  }

  private static int first(Request request) {
    String range = request.headers().getOrDefault("range", "bytes=0-");
    return Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
  }

  private static int last(Request request) {
    String range = request.headers().getOrDefault("range", "-");
    return range.endsWith("-")
        ? SIZE - 1
        : Integer.parseInt(range.substring(range.indexOf('-') + 1));
  }

  /** Answers a range, of its bytes at most some. */
  private static void part(Request request, Answer answer, byte[] bytes, int most)
      throws IOException {
    int first = first(request);
    int last = last(request);
    int length = last + 1 - first;
    boolean whole = !request.headers().containsKey("range");
    answer.head(
        whole ? 200 : 206, length, "Content-Range: bytes %d-%d/%d".formatted(first, last, SIZE));
    answer.out().write(bytes, first, Math.min(most, length));
  }

  private void counted(FakeRegistry.Handler handler) {
    registry.on(
        blob,
        (request, answer) -> {
          mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          try {
            handler.handle(request, answer);
          } finally {
            atOnce.decrementAndGet();
          }
        });
  }

  private static List<String> segments() {
    return IntStream.range(0, SIZE / EACH)
        .mapToObj(i -> "bytes=%d-%d".formatted(i * EACH, (i + 1) * EACH - 1))
        .toList();
  }

  @Test
  void comesTogetherWhateverSegmentIsThereFirst() throws IOException {
    List<CountDownLatch> answered =
        segments().stream().map(segment -> new CountDownLatch(1)).toList();
    counted(
        (request, answer) -> {
          int segment = first(request) / EACH;
          if (segment % 4 == 1 && segment + 2 < answered.size()) {
            await(answered.get(segment + 2));
          }
          part(request, answer, layer, EACH);
          answered.get(segment).countDown();
        });

    assertThat(pull(4, 0)).isEqualTo(layer);
    assertThat(asked()).containsExactlyInAnyOrderElementsOf(segments());
    assertThat(mostAtOnce.get()).isGreaterThan(1);
    assertThat(temp.resolve("cache/blobs/sha256/" + digest.hex())).hasBinaryContent(layer);
  }

  @Test
  void aSegmentThatBreaksIsGoneOnWith() throws IOException {
    Set<Integer> broken = ConcurrentHashMap.newKeySet();
    counted(
        (request, answer) -> {
          int first = first(request);
          boolean breaks = first % (3 * EACH) == 0 && broken.add(first);
          part(request, answer, layer, breaks ? EACH / 2 : EACH);
        });

    assertThat(pull(4, 1)).isEqualTo(layer);
    assertThat(broken).hasSize(10);
    // Of what came before the break the JDK's client may keep back some, and rarely all.
    assertThat(asked()).hasSize(40).filteredOn(range -> !segments().contains(range)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 416})
  void whereThereAreNoRangesItIsOneAnswer(int status) throws IOException {
    registry.on(
        blob,
        (request, answer) -> {
          boolean range = request.headers().containsKey("range");
          answer.send(range ? status : 200, range && status == 416 ? new byte[0] : layer);
        });

    assertThat(pull(4, 0)).isEqualTo(layer);
    assertThat(asked()).containsExactly("bytes=0-99999", "-");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 1-99999/3000000",
        "bytes 0-100000/3000000",
        "bytes 0-99999/3000001",
        "pages 1-2/3"
      })
  void anotherRangeThanItAskedForIsNotBelieved(String range) throws IOException {
    registry.on(
        blob,
        (request, answer) -> {
          if (request.headers().containsKey("range")) {
            answer.send(206, new byte[EACH], "Content-Range: " + range);
          } else {
            answer.send(200, layer);
          }
        });

    assertThat(pull(4, 0)).isEqualTo(layer);
    assertThat(asked()).containsExactly("bytes=0-99999", "-");
  }

  @Test
  void rangesThatEndInTheMiddleAreLeftThere() throws IOException {
    counted(
        (request, answer) -> {
          if (request.headers().containsKey("range") && first(request) >= 1_500_000) {
            answer.send(last(request) == SIZE - 1 ? 206 : 200, new byte[0]);
          } else {
            part(request, answer, layer, SIZE);
          }
        });

    assertThat(pull(4, 1)).isEqualTo(layer);
    // Segments that were under way may reach the registry after the request for the rest.
    assertThat(asked()).anyMatch(range -> range.matches("bytes=[0-9]+-"));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 410})
  void aSegmentThatIsRefusedLeavesTheRestToOneRequest(int status) throws IOException {
    AtomicInteger refusals = new AtomicInteger();
    counted(
        (request, answer) -> {
          boolean segment = last(request) != SIZE - 1;
          if (segment && first(request) >= 1_500_000) {
            refusals.incrementAndGet();
            answer.error(status, "DENIED", "used");
          } else {
            part(request, answer, layer, SIZE);
          }
        });

    assertThat(pull(4, 0)).isEqualTo(layer);
    assertThat(refusals).hasPositiveValue();
    // What was on its way before it is not asked for again; others may come after it.
    assertThat(asked())
        .containsOnlyOnce("bytes=1500000-")
        .containsOnlyOnceElementsOf(segments().subList(0, 15));
  }

  @Test
  void aUrlThatWorksOnceIsAskedForAnewByEverySegment() throws IOException {
    AtomicInteger signatures = new AtomicInteger();
    Set<String> used = ConcurrentHashMap.newKeySet();
    registry.on(
        blob,
        (request, answer) ->
            answer.send(
                307, new byte[0], "Location: /cdn?signature=" + signatures.incrementAndGet()));
    registry.on(
        "/cdn",
        (request, answer) -> {
          if (used.add(request.uri().getQuery())) {
            part(request, answer, layer, SIZE);
          } else {
            answer.error(403, "DENIED", "used");
          }
        });

    assertThat(pull(4, 0)).isEqualTo(layer);
    assertThat(registry.count("/cdn")).isEqualTo(SIZE / EACH);
    assertThat(used).hasSize(SIZE / EACH);
  }

  @Test
  void aBlobThatIsNotThereIsAskedForOnce() {
    registry.on(blob, (request, answer) -> answer.error(404, "BLOB_UNKNOWN", "no"));

    assertThatThrownBy(() -> pull(4, 0)).hasMessageContaining("answered 404 BLOB_UNKNOWN");
    assertThat(asked()).containsExactly("bytes=0-99999");
  }

  @Test
  void whatIsKeptOfARunThatFailedIsItsBeginningAndTheNextGoesOn() throws IOException {
    counted(
        (request, answer) -> part(request, answer, layer, first(request) < 2_000_000 ? EACH : 10));
    assertThatThrownBy(() -> pull(4, 0)).isInstanceOf(RegistryException.class);
    byte[] kept = Files.readAllBytes(temp.resolve("cache/blobs/sha256/" + digest.hex() + ".part"));
    assertThat(kept).hasSizeBetween(2_000_000, 2_000_010);
    assertThat(kept).isEqualTo(Arrays.copyOf(layer, kept.length));
    int before = asked().size();

    counted((request, answer) -> part(request, answer, layer, EACH));
    assertThat(pull(4, 0)).isEqualTo(layer);
    assertThat(asked().subList(before, asked().size()))
        .hasSizeBetween(10, 11)
        .first()
        .isEqualTo("bytes=%d-%d".formatted(kept.length, kept.length + EACH - 1));
  }

  @Test
  void aWrongSegmentIsFoundByTheDigest() {
    byte[] wrong = layer.clone();
    wrong[1_234_567] ^= 1;
    registry.on(blob, (request, answer) -> part(request, answer, wrong, SIZE));

    assertThatThrownBy(() -> pull(4, 0))
        .hasMessageContaining("expected 3000000 bytes with this digest, found 3000000 bytes with");
    assertThat(temp.resolve("cache/blobs/sha256")).isEmptyDirectory();
  }

  @Test
  void takesNoMoreSlotsThanThereAre() throws IOException {
    counted((request, answer) -> part(request, answer, layer, SIZE));

    assertThat(pull(1, 0)).isEqualTo(layer);
    assertThat(asked()).containsExactly("-");
    assertThat(mostAtOnce).hasValue(1);
  }

  @Test
  void aSlotThatABlobWaitsForIsNotToSpare() throws IOException {
    DownloadSlots slots = new DownloadSlots(2);
    slots.announce();
    assertThat(slots.hasSpare()).isFalse();
    assertThat(slots.takeSpare()).isFalse();
    slots.take();
    assertThat(slots.hasSpare()).isTrue();
    assertThat(slots.takeSpare()).isTrue();
    assertThat(slots.hasSpare()).isFalse();
    assertThat(slots.takeSpare()).isFalse();
    slots.giveBack();
    assertThat(slots.takeSpare()).isTrue();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}

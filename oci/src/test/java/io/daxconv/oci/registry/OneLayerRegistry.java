package io.daxconv.oci.registry;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.FakeRegistry.Answer;
import io.daxconv.oci.FakeRegistry.Request;
import io.daxconv.oci.ImageBlobs;
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

/** A registry with an image of one layer of noise, whose answers break off as a test wants. */
final class OneLayerRegistry implements AutoCloseable {
  static final Platform AMD64 = new Platform("linux", "amd64", null);
  static final int SIZE = 3_000_000;

  final FakeRegistry server = new FakeRegistry();
  final ImageBlobs images = new ImageBlobs();
  final byte[] layer = new byte[SIZE];
  final Digest digest;

  /** Where the layer is asked for. */
  final String blob;

  OneLayerRegistry() throws IOException {
    new SplittableRandom(7).nextBytes(layer);
    digest = Digest.sha256(layer);
    blob = "/v2/a/b/blobs/" + digest;
    serve(images.image(AMD64, layer));
  }

  /** Makes an image the one that is asked for. */
  void serve(Digest manifest) {
    server.serve("a/b", images);
    server.tag("a/b", "latest", images, manifest);
  }

  /**
   * Opens the image.
   *
   * @param keepBlobs whether its layer passes through the cache, in {@code cache} of the directory
   */
  SourceImage open(Path directory, boolean keepBlobs, int retries) throws IOException {
    SourceOptions options =
        SourceOptions.builder(Map.of(), directory)
            .systemConfig(directory.resolve("etc"))
            .cacheDir(directory.resolve("cache"))
            .keepBlobs(keepBlobs)
            .platform(AMD64)
            .retries(new RetryPolicy(retries, Duration.ofMillis(1)))
            .build();
    return RegistryImage.open(
        RegistryReference.parse(server.host() + "/a/b"), options, Timeouts.DEFAULT);
  }

  /** Opens the image and reads its layer. */
  byte[] pull(Path directory, boolean keepBlobs, int retries) throws IOException {
    try (SourceImage image = open(directory, keepBlobs, retries);
        InputStream in = layerOf(image)) {
      return in.readAllBytes();
    }
  }

  static InputStream layerOf(SourceImage image) throws IOException {
    return ((TarLayer) image.layers().getFirst()).blob().open();
  }

  /** What the requests for the layer had as a header, or a dash. */
  List<String> asked(String header) {
    return server.requests().stream()
        .filter(request -> request.uri().getPath().equals(blob))
        .map(request -> request.headers().getOrDefault(header, "-"))
        .toList();
  }

  /** Answers as a registry that knows ranges does, at most some bytes of the body. */
  static void range(Request request, Answer answer, byte[] bytes, int most) throws IOException {
    String range = request.headers().getOrDefault("range", "bytes=0-");
    int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    String content =
        "Content-Range: bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length);
    answer.head(from == 0 ? 200 : 206, bytes.length - from, "ETag: \"one\"", content);
    answer.out().write(bytes, from, Math.min(most, bytes.length - from));
  }

  /** Each answer ends after some bytes; the next goes on. */
  void breaksOffAfter(int most) {
    server.on(blob, (request, answer) -> range(request, answer, layer, most));
  }

  /**
   * The first answer breaks off, and no answer knows ranges.
   *
   * @return how often it was asked
   */
  AtomicInteger breaksOffOnceAndKnowsNoRanges() {
    AtomicInteger tries = new AtomicInteger();
    server.on(
        blob,
        (request, answer) -> {
          answer.head(200, SIZE);
          answer.out().write(layer, 0, tries.getAndIncrement() == 0 ? 2_000_000 : SIZE);
        });
    return tries;
  }

  /** The first answer breaks off, and who asks for the rest gets the beginning. */
  void breaksOffOnceAndAnswersAnotherRange() {
    server.on(
        blob,
        (request, answer) -> {
          if (request.headers().containsKey("range")) {
            answer.send(206, Arrays.copyOf(layer, 10), "Content-Range: bytes 0-9/" + SIZE);
          } else {
            answer.head(200, SIZE);
            answer.out().write(layer, 0, asked("range").size() == 1 ? 2_000_000 : SIZE);
          }
        });
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

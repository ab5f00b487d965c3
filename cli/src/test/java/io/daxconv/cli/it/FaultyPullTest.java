package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pulls through a proxy with faults: each ends with the very file that the layout gives, or with
 * one line and no file, and then the next pull, with what is in the cache, is right.
 */
@RequiresTools({"docker-registry", "skopeo"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaultyPullTest {
  private static final int LAYER_BYTES = 200_000;
  private static final int BORDER = 1 << 16;
  private static final int RETRIES = 2;
  private static final String RIGHT = "";

  /** Whether the converter has read on decides: right, or one line. */
  private static final String EITHER = "blob sha256:.* expected .* with this digest, found .*";

  private static final String STALLED = " came (for|in) 1 s\"";
  private static final String BROKE = ": the answer broke off after \\d+ bytes: .*";

  private Path shared;
  private FaultImage image;
  private LocalRegistry registry;
  private FaultProxy proxy;
  private int runs;

  /**
   * A fault and how the pull ends.
   *
   * @param error what the message has; empty if it ends with the file
   */
  private record Row(String name, Fault fault, String error) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    shared = directory;
    image = FaultImage.gzipped(shared, LAYER_BYTES);
    registry = LocalRegistry.start(shared.resolve("registry"));
    registry.put(image, "a/b:latest");
    proxy = new FaultProxy(registry.host());
  }

  @AfterAll
  void stop() throws IOException {
    if (proxy != null) {
      proxy.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private Daxconv convert(Path directory) throws IOException {
    return Daxconv.run(
        directory.resolve("home"),
        "convert",
        "-q",
        proxy.host() + "/a/b:latest",
        "-o",
        directory.resolve("outputs/image.daxfs").toString(),
        "--cache-dir",
        directory.resolve("cache").toString(),
        "--retry-times",
        "" + RETRIES,
        "--retry-delay",
        "0.01",
        "--timeout",
        "1");
  }

  private void pull(Row row) throws IOException {
    Path directory = shared.resolve("run" + runs++);
    Path outputs = Files.createDirectories(directory.resolve("outputs"));
    Path output = outputs.resolve("image.daxfs");
    proxy.fault(row.fault());

    Daxconv run = convert(directory);

    if (row.error().isEmpty() || (row.error().equals(EITHER) && run.exit() == 0)) {
      run.output();
      assertThat(image.isWhole(output)).isTrue();
    } else {
      assertThat(run.exit()).as(run.err()).isOne();
      assertThat(run.err().lines().toList().getLast()).matches("daxconv: .*" + row.error());
      assertThat(FaultImage.names(outputs)).isEmpty();
      proxy.fault(FaultExchange::pass);
      convert(directory).output();
      assertThat(image.isWhole(output)).isTrue();
    }
    assertThat(FaultImage.names(outputs)).containsExactly("image.daxfs");
  }

  @ParameterizedTest
  @MethodSource({"cuts", "silences", "refusals", "ranges", "flips", "lengths"})
  @Timeout(60)
  void endsRightOrWithOneLine(Row row) throws IOException {
    pull(row);
  }

  private String newest() {
    return "/blobs/" + image.layers().getLast();
  }

  private String oldest() {
    return "/blobs/" + image.layers().getFirst();
  }

  private String config() throws IOException {
    String manifest = Files.readString(image.blob(image.manifest()));
    return "/blobs/" + manifest.replaceFirst("(?s).*?(sha256:[0-9a-f]{64}).*", "$1");
  }

  private static String manifest() {
    return "/manifests/latest";
  }

  private int size(String blob) throws IOException {
    return (int) Files.size(image.blob(Digest.parse(blob.substring("/blobs/".length()))));
  }

  /**
   * Where a layer is cut: in the gzip header, about the borders of pieces, at its end, by chance.
   */
  private static Set<Integer> offsets(int size, long seed) {
    Set<Integer> offsets = new TreeSet<>(List.of(0, 1, 5, 10, size - 1));
    for (int border = BORDER; border < size; border += BORDER) {
      offsets.addAll(List.of(border - 1, border, border + 1));
    }
    new SplittableRandom(seed).ints(4, 1, size).forEach(offsets::add);
    return offsets;
  }

  List<Row> cuts() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Digest layer : image.layers()) {
      String blob = "/blobs/" + layer;
      for (int at : offsets(size(blob), 7)) {
        rows.add(new Row("layer cut at " + at, Fault.cut(at).on(blob).once(), RIGHT));
      }
    }
    for (int at : List.of(0, 1, BORDER - 1, BORDER, 100_000)) {
      boolean gets = at >= BORDER || (long) at * (RETRIES + 1) >= size(oldest());
      rows.add(
          new Row(
              "layer always cut after " + at,
              Fault.cut(at).on(oldest()),
              gets ? RIGHT : oldest() + BROKE));
      rows.add(new Row("layer reset after " + at, Fault.reset(at).on(newest()).once(), RIGHT));
    }
    for (String document : List.of(manifest(), config())) {
      for (int at : List.of(0, 1, 100)) {
        rows.add(new Row(document + " cut at " + at, Fault.cut(at).on(document).once(), RIGHT));
        rows.add(
            new Row(
                document + " always cut at " + at, Fault.cut(at).on(document), document + BROKE));
        rows.add(new Row(document + " reset at " + at, Fault.reset(at).on(document).once(), RIGHT));
      }
    }
    return rows;
  }

  List<Row> silences() throws IOException {
    List<Row> rows = new ArrayList<>();
    // Each waits for a timeout, so there are few: documents all go one way, and so do layers.
    for (String path : List.of(manifest(), newest())) {
      rows.add(new Row(path + ": no answer", Fault.silence().on(path).once(), RIGHT));
      rows.add(new Row(path + " stalls", Fault.stall(10).on(path).once(), RIGHT));
    }
    rows.add(new Row("a stall further on", Fault.stall(100_000).on(oldest()).once(), RIGHT));
    rows.add(new Row("drips", Fault.drip(100_000).on(newest()).once(), RIGHT));
    rows.add(
        new Row(
            "never an answer",
            Fault.silence().on(manifest()),
            manifest() + ": no answer after 1 s"));
    rows.add(new Row("always a stall", Fault.stall(10).on(oldest()), oldest() + BROKE + STALLED));
    return rows;
  }

  List<Row> refusals() throws IOException {
    String soon =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(1));
    List<Row> rows = new ArrayList<>();
    for (String path : List.of(manifest(), config(), oldest())) {
      for (int status : List.of(429, 500, 502, 503, 504)) {
        rows.add(new Row(path + ": " + status, Fault.status(status).on(path).once(), RIGHT));
      }
      rows.add(
          new Row(
              path + ": always 503",
              Fault.status(503).on(path),
              "registry \"" + proxy.host() + "\" failed.* 503.*"));
      rows.add(
          new Row(path + ": always 429", Fault.status(429).on(path), "takes no more requests.*"));
      rows.add(new Row(path + ": always 404", Fault.status(404).on(path), "has no .* 404.*"));
    }
    rows.add(
        new Row("429, a second", Fault.status(429, "Retry-After: 1").on(oldest()).once(), RIGHT));
    rows.add(
        new Row(
            "429, a date", Fault.status(429, "Retry-After: " + soon).on(oldest()).once(), RIGHT));
    rows.add(
        new Row("503, a word", Fault.status(503, "Retry-After: later").on(oldest()).once(), RIGHT));
    rows.add(
        new Row(
            "429, an hour",
            Fault.status(429, "Retry-After: 3600").on(oldest()),
            "to be asked again after 3600 s"));
    return rows;
  }

  /** After a cut, to the request for the rest. */
  List<Row> ranges() throws IOException {
    Fault cut = Fault.cut(100_000);
    int size = size(oldest());
    List<Row> rows = new ArrayList<>();
    rows.add(rest("200", cut.then(Fault.whole()), RIGHT));
    rows.add(rest("416", cut.then(Fault.status(416).then(FaultExchange::pass)), RIGHT));
    for (String range :
        List.of(
            "bytes 0-%d/%d".formatted(size - 1, size),
            "bytes 100001-%d/%d".formatted(size - 1, size),
            "bytes 100000-%d/%d".formatted(size - 1, size + 1),
            "bytes */" + size,
            "pages 1-2/3",
            "")) {
      rows.add(
          rest(
              "Content-Range: " + range,
              exchange -> {
                if (exchange.turn() == 1) {
                  cut.answer(exchange);
                } else if (exchange.request().header("Range") != null) {
                  Fault.header("Content-Range", range).answer(exchange);
                } else {
                  exchange.pass();
                }
              },
              RIGHT));
    }
    rows.add(
        rest(
            "other bytes",
            cut.then(Fault.flip(50)),
            "blob "
                + image.layers().getFirst()
                + ": expected .* with this digest, found .*|RIGHT"));
    return rows;
  }

  private Row rest(String name, Fault fault, String error) {
    return new Row("the rest: " + name, fault.on(oldest()), error);
  }

  List<Row> flips() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int at : List.of(0, 3, 50, -1)) {
      String wrong = ".*expected .*digest.*, found .*";
      rows.add(new Row("manifest flipped at " + at, Fault.flip(at).on(manifest()).once(), wrong));
      rows.add(new Row("manifest always flipped at " + at, Fault.flip(at).on(manifest()), wrong));
      rows.add(new Row("config flipped at " + at, Fault.flip(at).on(config()).once(), wrong));
    }
    for (Digest layer : image.layers()) {
      String blob = "/blobs/" + layer;
      for (int at : offsets(size(blob), 11)) {
        rows.add(
            new Row(
                "layer flipped at " + at,
                Fault.flip(at).on(blob).once(),
                layer.toString().substring(0, 10) + ".*"));
      }
    }
    return rows;
  }

  List<Row> lengths() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String path : List.of(manifest(), config(), oldest())) {
      for (String length : List.of("10", "99999999", "0")) {
        String end = path + ", Content-Length " + length;
        boolean whole = path.equals(oldest()) || length.length() > 2;
        rows.add(
            new Row(
                end,
                Fault.header("Content-Length", length).on(path).once(),
                whole ? RIGHT : "expected (digest sha256:.*|\\d+ bytes), found .*"));
      }
      rows.add(
          new Row(
              path + ", no length",
              Fault.header("Content-Length", "many").on(path).once(),
              "expected an HTTP answer, found one with a wrong header"));
    }
    return rows;
  }
}

package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that is killed, and whose registry is restarted, while it pushes back what it makes. */
@RequiresTools({"docker-registry", "python3", "env"})
final class BatchKillTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** {@code -Ddaxconv.batch.images=200} makes it a test of scale. */
  private static final int IMAGES = Integer.getInteger("daxconv.batch.images", 12);

  @TempDir private Path directory;
  private LocalRegistry registry;
  private Path list;
  private Path results;
  private Path home;

  @BeforeEach
  void start() throws Exception {
    registry = LocalRegistry.start(directory.resolve("registry"));
    Path script = directory.resolve("make-images.py");
    try (var in = BatchKillTest.class.getResourceAsStream("make-batch-images.py")) {
      Files.copy(Objects.requireNonNull(in), script);
    }
    Tool.run(directory, "python3", script.toString(), registry.host(), Integer.toString(IMAGES));
    List<String> images = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      images.add(registry.host() + "/app" + i + ":1");
    }
    list = Files.write(directory.resolve("list"), images);
    results = directory.resolve("results.jsonl");
    home = directory.resolve("home");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private String[] command() {
    return new String[] {
      "batch",
      list.toString(),
      "--push",
      "{registry}/{repository}:{tag}",
      "--workers",
      "2",
      "--results",
      results.toString(),
      "--cache-dir",
      home.resolve("cache").toString()
    };
  }

  /** How many images ended so. */
  private long count(String status) throws IOException {
    if (!Files.exists(results)) {
      return 0;
    }
    return Files.readAllLines(results).stream()
        .filter(line -> line.contains("\"status\":\"" + status + "\""))
        .count();
  }

  @Test
  void nothingIsLostAndNothingDoneTwice() throws Exception {
    long first;
    try (FaultProcess batch = FaultProcess.start(home, command())) {
      batch.await(() -> count("done") >= IMAGES / 4);
      batch.killAfter(Duration.ZERO);
      first = count("done");
    }
    Files.delete(results);
    try (FaultProcess batch = FaultProcess.start(home, command())) {
      batch.await(() -> count("done") >= IMAGES / 4);
      registry = registry.restart();
      assertThat(batch.exit()).as(batch.err()).isZero();
    }
    assertThat(count("failed")).isZero();
    assertThat(count("skipped")).isGreaterThanOrEqualTo(first);
    assertThat(count("done") + count("skipped")).isEqualTo(IMAGES);
    Daxconv third = Daxconv.run(home, command());
    assertThat(third.output()).contains("0 done, " + IMAGES + " skipped, 0 failed");
    for (int i = 0; i < IMAGES; i++) {
      JsonNode index = referrers(i);
      assertThat(index.path("manifests")).as("app%d", i).hasSize(1);
    }
    try (Stream<Path> left = Files.walk(home.resolve("cache"))) {
      assertThat(left.map(Path::toString))
          .noneMatch(name -> name.matches(".*\\.(part|frames|tmp|daxfs)"));
    }
    Path pulled = directory.resolve("pulled.daxfs");
    String image = registry.host() + "/app7:1";
    Daxconv.run(home, "pull", "--convert=never", "-q", image, "-o", pulled.toString()).output();
    Path made = directory.resolve("made.daxfs");
    Daxconv.run(home, "convert", "-q", image, "-o", made.toString()).output();
    assertThat(pulled).hasSameBinaryContentAs(made);
  }

  /** The index of what refers to an image, by the tag that clients keep. */
  private JsonNode referrers(int image) throws Exception {
    String source =
        Files.readAllLines(results).stream()
            .filter(line -> line.contains("/app" + image + ":1\""))
            .map(BatchKillTest::source)
            .findFirst()
            .orElseThrow();
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri =
          URI.create(
              "http://%s/v2/app%d/manifests/%s"
                  .formatted(registry.host(), image, source.replace(':', '-')));
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("Accept", "application/vnd.oci.image.index.v1+json")
              .build();
      return JSON.readTree(client.send(request, BodyHandlers.ofByteArray()).body());
    }
  }

  private static String source(String line) {
    try {
      return JSON.readTree(line).path("source").asText();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

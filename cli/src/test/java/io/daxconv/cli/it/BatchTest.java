package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.converter.testing.RequiresTools;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Many images of a registry at once. */
@RequiresTools({"docker-registry", "python3"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int IMAGES = 12;

  private LocalRegistry registry;

  @TempDir private Path directory;
  private Path script;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    registry = LocalRegistry.start(temporary.resolve("registry"));
    script = temporary.resolve("make-images.py");
    try (var in = BatchTest.class.getResourceAsStream("make-batch-images.py")) {
      Files.copy(Objects.requireNonNull(in), script);
    }
    Tool.run(temporary, "python3", script.toString(), registry.host(), Integer.toString(IMAGES));
  }

  @AfterAll
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @BeforeEach
  void list() throws IOException {
    List<String> lines = new ArrayList<>(List.of("# twelve images over one base", ""));
    for (int i = 0; i < IMAGES; i++) {
      lines.add(registry.host() + "/app" + i + ":1" + (i == 3 ? " three.daxfs # named" : ""));
    }
    Files.write(directory.resolve("list"), lines);
  }

  private Daxconv daxconv(Object... args) throws IOException {
    return Daxconv.run(
        directory.resolve("home"),
        Arrays.stream(args).map(Object::toString).toArray(String[]::new));
  }

  private Daxconv batch(Object... args) throws IOException {
    return daxconv(Stream.concat(Stream.of("batch"), Arrays.stream(args)).toArray());
  }

  /** The status of each image by its name. */
  private static Map<String, JsonNode> results(Path file) throws IOException {
    Map<String, JsonNode> results = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode json = JSON.readTree(line);
      assertThat(results.put(json.path("image").asText(), json)).isNull();
    }
    return results;
  }

  private static List<String> statuses(Path file) throws IOException {
    return results(file).values().stream().map(json -> json.path("status").asText()).toList();
  }

  @Test
  void filesAreWhatConvertMakesAndAreMadeOnce() throws Exception {
    Path out = directory.resolve("out");
    Daxconv first = batch(directory.resolve("list"), "-o", out, "--workers", "3");
    assertThat(first.output()).contains("12 done, 0 skipped, 0 failed");
    Path made = directory.resolve("made.daxfs");
    for (int i : new int[] {0, 3, 11}) {
      daxconv("convert", "-q", registry.host() + "/app" + i + ":1", "-o", made).output();
      assertThat(file(out, i)).hasSameBinaryContentAs(made);
    }
    assertThat(statuses(out.resolve("results.jsonl"))).hasSize(IMAGES).containsOnly("done");
    // The base and one layer for each image, each once.
    assertThat(kept()).isEqualTo(IMAGES + 1L);
    Daxconv second = batch(directory.resolve("list"), "-o", out);
    assertThat(second.output()).contains("0 done, 12 skipped, 0 failed");
    // Without its journal, as if killed right behind the last file.
    Files.delete(out.resolve(".daxconv-batch.jsonl"));
    Files.delete(file(out, 5));
    Daxconv third = batch(directory.resolve("list"), "-o", out);
    assertThat(third.output()).contains("1 done, 11 skipped, 0 failed");
  }

  private Path file(Path out, int image) {
    return image == 3
        ? out.resolve("three.daxfs")
        : out.resolve(registry.host().replace(':', '_') + "/app" + image + "/1.daxfs");
  }

  private long kept() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("home/.cache/daxconv/layers/sha256"))) {
      return files.count();
    }
  }

  @Test
  void oneThatFailsDoesNotStopTheOthers() throws Exception {
    Path out = directory.resolve("out");
    Files.write(
        directory.resolve("some"),
        List.of(
            registry.host() + "/app1:1",
            registry.host() + "/nowhere:1",
            registry.host() + "/app2:1"));
    Daxconv run = batch(directory.resolve("some"), "-o", out);
    assertThat(run.exit()).isEqualTo(1);
    Map<String, JsonNode> results = results(out.resolve("results.jsonl"));
    JsonNode failed = Objects.requireNonNull(results.remove(registry.host() + "/nowhere:1"));
    assertThat(failed.path("status").asText()).isEqualTo("failed");
    assertThat(failed.path("error").asText()).contains("has no image");
    assertThat(results.values()).allMatch(json -> json.path("status").asText().equals("done"));
  }

  @Test
  void aWarningOfTheRegistryIsShownOnce() throws Exception {
    try (LocalRegistry warns =
        LocalRegistry.startWithWarning(directory.resolve("warns"), "this registry closes soon")) {
      Tool.run(directory, "python3", script.toString(), warns.host(), "3");
      Daxconv run =
          batch("--registry", warns.host(), "-o", directory.resolve("out"), "--workers", "3");
      assertThat(run.output()).contains("3 done, 0 skipped, 0 failed");
      assertThat(run.err().lines().filter(line -> line.contains("this registry closes soon")))
          .containsExactly(
              "warning: registry \"%s\" warns: \"this registry closes soon\""
                  .formatted(warns.host()));
    }
  }

  @Test
  void shardsAreTheWholeAndNothingTwice() throws Exception {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Path out = directory.resolve("out");
      batch(directory.resolve("list"), "-o", out, "--shard", i + "/3", "-q").output();
      all.addAll(results(out.resolve("results-" + i + "-of-3.jsonl")).keySet());
    }
    assertThat(all).hasSize(IMAGES).doesNotHaveDuplicates();
  }

  @Test
  void theRegistryIsTheListAndTheImagesGetTheirArtifacts() throws Exception {
    Path results = directory.resolve("results");
    Object[] args = {
      "--registry",
      registry.host(),
      "--repositories",
      "app1*",
      "--tags",
      "[0-9]",
      "--push",
      "{registry}/{repository}:{tag}",
      "--results",
      results
    };
    int before = registry.requests("GET").size();
    batch(args).output();
    List<String> asked = registry.requests("GET").stream().skip(before).toList();
    assertThat(asked.stream().filter(path -> path.contains("/blobs/")).toList())
        .as("configs, layers")
        .doesNotHaveDuplicates()
        .hasSize(3 + 3 + 1);
    assertThat(results(results).keySet())
        .containsExactlyInAnyOrder(
            registry.host() + "/app1:1",
            registry.host() + "/app10:1",
            registry.host() + "/app11:1");
    assertThat(statuses(results)).containsOnly("done");
    batch(args).output();
    assertThat(statuses(results)).containsOnly("skipped");
    Path pulled = directory.resolve("pulled.daxfs");
    daxconv("pull", "--convert=never", "-q", registry.host() + "/app10:1", "-o", pulled).output();
    Path made = directory.resolve("made.daxfs");
    daxconv("convert", "-q", registry.host() + "/app10:1", "-o", made).output();
    assertThat(pulled).hasSameBinaryContentAs(made);
    try (Stream<Path> left = Files.walk(directory.resolve("home/.cache/daxconv"))) {
      assertThat(left.filter(path -> path.toString().endsWith(".daxfs"))).isEmpty();
    }
  }

  @Test
  void aListFromStandardInputAndOneThatIsNone() throws Exception {
    Path out = directory.resolve("out");
    byte[] good = (registry.host() + "/app4:1 four\n").getBytes(StandardCharsets.UTF_8);
    Daxconv.run(
            directory.resolve("home"),
            new ByteArrayInputStream(good),
            "batch",
            "-",
            "-o",
            out.toString(),
            "-q")
        .output();
    assertThat(out.resolve("four")).exists();
    for (String bad :
        List.of(
            "Not/An:Image:",
            "a b c",
            "a ../outside",
            "a /outside",
            "a same\nb same",
            "a x/y\nb x",
            "a results.jsonl",
            "a .daxconv-batch.jsonl")) {
      Daxconv run =
          Daxconv.run(
              directory.resolve("home"),
              new ByteArrayInputStream(bad.getBytes(StandardCharsets.UTF_8)),
              "batch",
              "-",
              "-o",
              out.toString());
      assertThat(run.exit()).as(bad).isEqualTo(2);
      assertThat(run.err()).as(bad).contains("standard input, line ").contains("expected");
    }
  }

  @Test
  void aCacheThatHoldsNothingStillDoesTheWork() throws Exception {
    Path out = directory.resolve("out");
    Daxconv run = batch(directory.resolve("list"), "-o", out, "--cache-max", "0", "--workers", "2");
    assertThat(run.output()).contains("12 done");
    assertThat(kept()).isZero();
  }

  @Test
  void whatIsMisusedIsSaidBeforeAnythingIsDone() throws Exception {
    Path out = directory.resolve("out");
    Path list = directory.resolve("list");
    Object[][] runs = {
      {"--registry", registry.host(), "--repositories", "[", "-o", out},
      {"--registry", registry.host(), "--tags", "{1", "-o", out},
      {list, "-o", list},
      {directory, "-o", out},
      {list, "--push", registry.host() + "/all:1", "--results", out},
    };
    for (Object[] args : runs) {
      Daxconv run = batch(args);
      assertThat(run.exit()).as(run.err()).isEqualTo(2);
      assertThat(run.err()).contains("expected").hasLineCount(1);
    }
    assertThat(out).doesNotExist();
    assertThat(directory.resolve("home/.cache/daxconv")).doesNotExist();
  }

  @Test
  void theResultForPrograms() throws Exception {
    JsonNode json =
        JSON.readTree(
            batch(directory.resolve("list"), "-o", directory.resolve("out"), "--json").output());
    assertThat(json.path("done").asInt()).isEqualTo(IMAGES);
    assertThat(json.path("failed").asInt(-1)).isZero();
    assertThat(Path.of(json.path("results").asText())).exists();
  }

  @Test
  void whateverIsBehindTheLastLineOfTheJournalIsNotThere() throws Exception {
    Path out = directory.resolve("out");
    Path journal = out.resolve(".daxconv-batch.jsonl");
    batch(directory.resolve("list"), "-o", out, "-q").output();
    byte[] whole = Files.readAllBytes(journal);
    for (byte[] torn : new byte[][] {{'{', '"', (byte) 0xc3}, {0, 0, 0, 0, 0}, {(byte) 0xff}}) {
      Files.write(journal, torn, StandardOpenOption.APPEND);
      assertThat(batch(directory.resolve("list"), "-o", out).output()).contains("12 skipped");
      assertThat(journal).hasBinaryContent(whole);
    }
    Files.writeString(journal, "torn\n{}\n");
    Daxconv other = batch(directory.resolve("list"), "-o", out);
    assertThat(other.exit()).isOne();
    assertThat(other.err()).contains("line 1: expected a line of a batch's journal");
  }

  @Test
  void aTagElsewhereIsOfOneManifestAndPageSize() throws Exception {
    Path some = Files.writeString(directory.resolve("some"), registry.host() + "/app5:1\n");
    String template = registry.host() + "/sizes/{repository}:{tag}";
    Object[] small = {some, "--push", template, "--results", directory.resolve("results")};
    Object[] large =
        Stream.concat(Arrays.stream(small), Stream.of("--page-size", "16384")).toArray();
    assertThat(batch(small).output()).contains("1 done");
    assertThat(batch(small).output()).contains("1 skipped");
    assertThat(batch(large).output()).contains("1 done");
    assertThat(batch(large).output()).contains("1 skipped");
    String tag = registry.host() + "/sizes/app5:1";
    Daxconv other = daxconv("pull", tag, "-o", directory.resolve("pulled"));
    assertThat(other.exit()).isOne();
    assertThat(other.err())
        .contains("expected a converted image for pages of 4096 bytes, found one for 16384");
    daxconv("pull", tag, "-o", directory.resolve("pulled"), "--page-size", "16384").output();
    // What was pushed is then in the list of all, and is no image.
    Path results = directory.resolve("results");
    Object[] all = {
      "--registry",
      registry.host(),
      "--repositories",
      "{sizes/,}app5",
      "--push",
      template,
      "--results",
      results
    };
    batch(all).output();
    assertThat(results(results).keySet())
        .containsExactlyInAnyOrder(registry.host() + "/app5:1", tag);
    JsonNode artifact = Objects.requireNonNull(results(results).get(tag));
    assertThat(artifact.path("status").asText()).isEqualTo("skipped");
    assertThat(artifact.path("note").asText()).contains("expected a container image");
  }

  @Test
  void anImageByItsDigestCanBePushedBackAgainAndAgain() throws Exception {
    Path out = directory.resolve("out");
    Path some = Files.writeString(directory.resolve("some"), registry.host() + "/app6:1\n");
    batch(some, "-o", out, "-q").output();
    String digest =
        results(out.resolve("results.jsonl")).values().iterator().next().path("source").asText();
    String image = registry.host() + "/app6@" + digest;
    Files.writeString(some, image);
    Object[] push = {
      some, "--push", "{registry}/{repository}:{tag}", "--results", directory.resolve("results")
    };
    assertThat(batch(push).output()).contains("1 done");
    assertThat(batch(push).output()).contains("1 skipped");
    daxconv("pull", "--convert=never", "-q", image, "-o", directory.resolve("pulled")).output();
  }
}

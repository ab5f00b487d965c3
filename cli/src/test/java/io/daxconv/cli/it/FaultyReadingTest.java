package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@code pull} takes and {@code batch} reads, through a proxy with faults and from mirrors.
 */
@RequiresTools({"docker-registry", "skopeo"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class FaultyReadingTest {
  private FaultImage image;
  private LocalRegistry registry;
  private FaultProxy proxy;

  /** The artifact's blob. */
  private String artifact;

  @TempDir private Path directory;
  private Path hosts;
  private Path cache;
  private Path output;

  /** Who reads. */
  enum Reader {
    PULL,
    BATCH
  }

  @BeforeAll
  void start(@TempDir Path shared) throws Exception {
    image = FaultImage.gzipped(shared, FaultImage.LAYER_BYTES);
    registry = LocalRegistry.start(shared.resolve("registry"));
    registry.put(image, "a/b:latest");
    String pushed =
        Daxconv.run(
                shared.resolve("home"),
                "push",
                "--json",
                image.expected().toString(),
                registry.host() + "/a/b:latest")
            .output();
    artifact = "/blobs/" + pushed.replaceFirst("(?s).*\"blob\" ?: ?\"([^\"]*)\".*", "$1");
    proxy = new FaultProxy(registry.host());
  }

  @AfterAll
  void stop() throws IOException {
    proxy.close();
    registry.close();
  }

  @BeforeEach
  void makeDirectories() throws IOException {
    proxy.fault(FaultExchange::pass);
    cache = directory.resolve("cache");
    hosts = Files.createDirectories(directory.resolve("hosts"));
    output = Files.createDirectories(directory.resolve("outputs")).resolve("image.daxfs");
  }

  /** What of the image is downloaded by it. */
  private String blob(Reader reader) {
    return reader == Reader.PULL ? artifact : "/blobs/" + image.layers().getFirst();
  }

  private Daxconv run(Reader reader, String host, int retries) throws IOException {
    List<String> command = new ArrayList<>();
    String reference = host + "/a/b:latest";
    if (reader == Reader.PULL) {
      command.addAll(List.of("pull", "-q", "--convert=never", reference, "-o", output.toString()));
    } else {
      Path list = Files.writeString(directory.resolve("list"), reference + " image.daxfs\n");
      String results = directory.resolve("results.jsonl").toString();
      command.addAll(List.of("batch", list.toString(), "-q", "-o", directory + "/outputs"));
      command.addAll(List.of("--results", results));
    }
    command.addAll(List.of("--cache-dir", cache.toString()));
    command.addAll(List.of("--hosts-dir", hosts.toString(), "--timeout", "10"));
    command.addAll(List.of("--retry-times", "" + retries, "--retry-delay", "0.01"));
    return Daxconv.run(directory.resolve("home"), command.toArray(String[]::new));
  }

  private void reads(Reader reader, String host, int retries) throws IOException {
    Daxconv run = run(reader, host, retries);
    assertThat(run.exit()).as("%s%n%s", run.err(), told()).isZero();
    assertThat(image.isWhole(output)).isTrue();
    assertThat(FaultImage.cached(cache)).isEmpty();
  }

  private String told() throws IOException {
    Path results = directory.resolve("results.jsonl");
    return Files.exists(results) ? Files.readString(results) : "";
  }

  private List<String> ranges(String blob) {
    return proxy.requests().stream()
        .filter(request -> request.path().endsWith(blob))
        .map(request -> String.valueOf(request.header("Range")))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void aBlobThatIsCutOffIsGoneOnWith(Reader reader) throws IOException {
    proxy.fault(Fault.cut(1_200_000).on(blob(reader)).once());
    reads(reader, proxy.host(), 1);
    assertThat(String.join(" ", ranges(blob(reader)))).matches("null bytes=1\\d{6}-");
  }

  @ParameterizedTest
  @EnumSource
  void theNextRunGoesOnToo(Reader reader) throws IOException {
    proxy.fault(Fault.cut(1_200_000).on(blob(reader)));
    Daxconv run = run(reader, proxy.host(), 0);
    assertThat(run.exit()).isOne();
    assertThat(run.err() + told()).contains("the answer broke off after");
    assertThat(output).doesNotExist();
    assertThat(proxy.asked(blob(reader))).isOne();

    proxy.fault(FaultExchange::pass);
    reads(reader, proxy.host(), 0);
    assertThat(String.join(" ", ranges(blob(reader)))).matches("bytes=1\\d{6}-");
  }

  @ParameterizedTest
  @EnumSource
  void whatFailsIsTriedAsOftenAsWanted(Reader reader) throws IOException {
    for (String path : List.of("/manifests/latest", blob(reader))) {
      cache = directory.resolve("cache" + path.length());
      proxy.fault(Fault.status(503).on(path));
      assertThat(run(reader, proxy.host(), 0).exit()).isOne();
      assertThat(proxy.asked(path)).isOne();
      proxy.fault(Fault.status(503).on(path).once());
      reads(reader, proxy.host(), 1);
      Files.delete(output);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anHourIsNotWaitedFor(Reader reader) throws IOException {
    proxy.fault(Fault.status(429, "Retry-After: 3600").on(blob(reader)));
    Daxconv run = run(reader, proxy.host(), 3);
    assertThat(run.exit()).isOne();
    assertThat(run.err() + told()).contains("to be asked again after 3600 s");
    assertThat(proxy.asked(blob(reader))).isOne();
  }

  @ParameterizedTest
  @EnumSource
  void flippedBytesAreFound(Reader reader) throws IOException {
    for (int at : List.of(0, 100_000, -1)) {
      proxy.fault(Fault.flip(at).on(blob(reader)));
      Daxconv run = run(reader, proxy.host(), 1);
      assertThat(run.exit()).isOne();
      assertThat(run.err() + told()).containsAnyOf("expected", "is corrupt");
      assertThat(output).doesNotExist();
    }
  }

  private void mirror() throws IOException {
    Path toml = Files.createDirectories(hosts.resolve(registry.host())).resolve("hosts.toml");
    Files.writeString(
        toml,
        "server = \"http://%s\"%n[host.\"http://%s\"]%n".formatted(registry.host(), proxy.host()));
  }

  @ParameterizedTest
  @EnumSource
  void aMirrorIsAskedFirst(Reader reader) throws IOException {
    mirror();
    reads(reader, registry.host(), 0);
    assertThat(proxy.asked("/manifests/latest?ns=" + registry.host().replace(":", "%3A"))).isOne();
    assertThat(proxy.asked(blob(reader) + "?ns=" + registry.host().replace(":", "%3A"))).isOne();
  }

  @ParameterizedTest
  @EnumSource
  void whatAMirrorDoesNotGiveComesFromTheRegistry(Reader reader) throws IOException {
    mirror();
    int runs = 0;
    for (Fault fault : List.of(Fault.status(404), Fault.status(503), Fault.cut(10))) {
      for (String path : List.of("/manifests/latest", blob(reader))) {
        cache = directory.resolve("cache" + runs++);
        proxy.fault(fault.on(path + "?ns=" + registry.host().replace(":", "%3A")));
        reads(reader, registry.host(), 0);
        assertThat(proxy.asked(path + "?ns=" + registry.host().replace(":", "%3A"))).isOne();
        Files.delete(output);
      }
    }
  }

  @Test
  void aMirrorThatListsNothingHidesNothing() throws IOException {
    mirror();
    String end = "?ns=" + registry.host().replace(":", "%3A");
    String list = "/manifests/" + image.manifest().toString().replace(':', '-');
    proxy.fault(Fault.status(404).on(list + end));
    reads(Reader.PULL, registry.host(), 0);
    assertThat(proxy.asked(list + end)).isOne();
  }
}

package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Converted images on their way through a registry that keeps no referrers. */
@RequiresTools({"docker-registry", "skopeo", "zstd"})
final class PublishTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Beside the module, where the tests run. */
  private static final String HELLO = "oci:../examples/hello-image";

  @TempDir private Path directory;
  private LocalRegistry registry;
  private String image;

  @BeforeEach
  void start() throws Exception {
    registry = LocalRegistry.start(directory.resolve("registry"));
    image = registry.host() + "/hello:1";
    Tool.run(
        Path.of("."),
        "skopeo",
        "copy",
        "--quiet",
        "--dest-tls-verify=false",
        HELLO,
        "docker://" + image);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Daxconv daxconv(Object... args) throws IOException {
    return Daxconv.run(
        directory.resolve("home"),
        Arrays.stream(args).map(Object::toString).toArray(String[]::new));
  }

  private Path converted(String... options) throws IOException {
    Path file = directory.resolve("made" + options.length + ".daxfs");
    List<Object> args = new ArrayList<>(List.of("convert", image, "-q", "-o", file));
    args.addAll(List.of(options));
    daxconv(args.toArray()).output();
    return file;
  }

  private JsonNode push(Object... args) throws IOException {
    Object[] all = Stream.concat(Stream.of("push", "--json"), Arrays.stream(args)).toArray();
    return JSON.readTree(daxconv(all).output());
  }

  @Test
  void whatIsPulledIsWhatWasPushed() throws Exception {
    Path made = converted();
    JsonNode pushed = push(made, image);
    Path pulled = directory.resolve("pulled.daxfs");
    JsonNode answer = JSON.readTree(daxconv("pull", image, "-o", pulled, "--json").output());
    assertThat(pulled).hasSameBinaryContentAs(made);
    assertThat(answer.path("from").asText()).isEqualTo("artifact");
    assertThat(answer.path("artifact")).isEqualTo(pushed.path("manifest"));
    assertThat(pushed.path("listed_by").asText()).isEqualTo("tag");
    // The tag is still the image's: it converts to the same file.
    Path again = directory.resolve("again.daxfs");
    daxconv("pull", image, "--convert=always", "-q", "-o", again).output();
    assertThat(again).hasSameBinaryContentAs(made);
  }

  @Test
  void theManifestSaysWhatDocsPushSays() throws Exception {
    JsonNode pushed = push(converted(), image);
    JsonNode manifest = get("hello/manifests/" + pushed.path("manifest").asText());
    assertThat(manifest.path("artifactType").asText())
        .isEqualTo("application/vnd.daxconv.image.v1");
    assertThat(manifest.at("/config/mediaType").asText())
        .isEqualTo("application/vnd.oci.empty.v1+json");
    assertThat(manifest.at("/layers/0/mediaType").asText())
        .isEqualTo("application/vnd.daxconv.image.v1.daxfs+zstd");
    assertThat(manifest.path("subject").path("digest")).isEqualTo(pushed.path("subject"));
    JsonNode annotations = manifest.path("annotations");
    assertThat(annotations.path("io.daxconv.source.digest")).isEqualTo(pushed.path("subject"));
    assertThat(annotations.path("io.daxconv.format.version").asText()).isEqualTo("8");
    assertThat(annotations.path("io.daxconv.page.size").asText()).isEqualTo("4096");
    assertThat(annotations.path("io.daxconv.views").asText()).isEqualTo("daxfs,overlay,erofs");
  }

  @Test
  void theBlobIsZstdForEveryDecoder() throws Exception {
    Path made = converted();
    JsonNode pushed = push(made, image);
    Path blob = blob(pushed);
    Path copy = directory.resolve("blob.zst");
    Files.copy(blob, copy);
    Tool.run(directory, "zstd", "-q", "-d", "blob.zst", "-o", "blob");
    assertThat(directory.resolve("blob")).hasSameBinaryContentAs(made);
  }

  @Test
  void pushingTwiceIsPushingOnce() throws Exception {
    Path made = converted();
    JsonNode first = push(made, image);
    JsonNode second = push(made, image);
    assertThat(first.path("blob_placed").asText()).isEqualTo("uploaded");
    assertThat(second.path("blob_placed").asText()).isEqualTo("already there");
    assertThat(second.path("manifest")).isEqualTo(first.path("manifest"));
    String list = first.path("subject").asText().replace(':', '-');
    assertThat(get("hello/manifests/" + list).path("manifests")).hasSize(1);
    JsonNode elsewhere =
        push(made, registry.host() + "/other:1", "--subject", image, "--mount-from", "hello");
    assertThat(elsewhere.path("blob_placed").asText()).isEqualTo("mounted");
    assertThat(elsewhere.path("tag").asText()).isEqualTo("1");
    Path pulled = directory.resolve("by-tag.daxfs");
    daxconv("pull", registry.host() + "/other:1", "--convert=never", "-q", "-o", pulled).output();
    assertThat(pulled).hasSameBinaryContentAs(made);
  }

  @Test
  void manyAtOnceAreAllListed() throws Exception {
    List<Path> files =
        List.of(
            converted(),
            converted("--page-size=16384"),
            converted("--page-size=65536", "--no-erofs"),
            converted("--no-overlay", "--no-erofs", "--page-size=16384"));
    List<Callable<JsonNode>> pushes = new ArrayList<>();
    files.forEach(file -> pushes.add(() -> push(file, image)));
    Set<String> lists = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<JsonNode> each : threads.invokeAll(pushes)) {
        lists.add(each.get().path("subject").asText().replace(':', '-'));
      }
    }
    String list = lists.iterator().next();
    assertThat(get("hello/manifests/" + list).path("manifests")).hasSize(4);
    Path pulled = directory.resolve("64k.daxfs");
    daxconv("pull", image, "--convert=never", "--page-size=65536", "-q", "-o", pulled).output();
    assertThat(pulled).hasSameBinaryContentAs(files.get(2));
  }

  @Test
  void withoutAnArtifactTheImageIsConvertedUnlessThatIsForbidden() throws Exception {
    Path made = converted();
    Path pulled = directory.resolve("pulled.daxfs");
    Daxconv never = daxconv("pull", image, "--convert=never", "-o", pulled);
    assertThat(never.exit()).isEqualTo(1);
    assertThat(never.err()).contains("expected a converted image for pages of 4096 bytes");
    assertThat(pulled).doesNotExist();
    JsonNode answer = JSON.readTree(daxconv("pull", image, "-o", pulled, "--json").output());
    assertThat(answer.path("from").asText()).isEqualTo("conversion");
    assertThat(pulled).hasSameBinaryContentAs(made);
  }

  @Test
  void anArtifactIsPulledWithoutTheCache() throws Exception {
    Path made = converted();
    push(made, image);
    Path pulled = directory.resolve("pulled.daxfs");
    Path home = directory.resolve("other");
    String answer =
        Daxconv.run(home, "pull", image, "--no-cache", "-o", pulled.toString(), "--json").output();
    assertThat(JSON.readTree(answer).path("from").asText()).isEqualTo("artifact");
    assertThat(pulled).hasSameBinaryContentAs(made);
    assertThat(home.resolve(".cache/daxconv")).doesNotExist();
    Daxconv.run(home, "pull", image, "-q", "-o", pulled.toString()).output();
    assertThat(home.resolve(".cache/daxconv")).exists();
  }

  @Test
  void aMirrorsImageIsConvertedWhereTheRegistryCannotBeReached() throws Exception {
    Path made = converted();
    String nowhere = "nowhere.invalid/hello";
    Path conf = directory.resolve("registries.conf");
    Files.writeString(
        conf,
        """
        [[registry]]
        location = "%s"
        [[registry.mirror]]
        location = "%s/hello"
        """
            .formatted(nowhere, registry.host()));
    Path pulled = directory.resolve("pulled.daxfs");
    List<Object> pull = new ArrayList<>(List.of("pull", nowhere + ":1", "--registries-conf", conf));
    pull.addAll(List.of("--retry-times", "0", "-o", pulled));
    Daxconv never = daxconv(Stream.concat(pull.stream(), Stream.of("--convert=never")).toArray());
    assertThat(never.exit()).isOne();
    assertThat(never.err().lines().toList().getLast()).contains("nowhere.invalid");
    assertThat(pulled).doesNotExist();

    Daxconv missing = daxconv(pull.toArray());
    missing.output();
    assertThat(missing.err()).contains("converted here instead: ", "nowhere.invalid");
    assertThat(pulled).hasSameBinaryContentAs(made);

    push(made, image);
    assertThat(daxconv(pull.toArray()).output()).contains("artifact sha256:");
  }

  @Test
  void aFlippedByteInTheBlobIsFoundAndTheImageIsConverted() throws Exception {
    Path made = converted();
    JsonNode pushed = push(made, image);
    Path blob = blob(pushed);
    try (RandomAccessFile file = new RandomAccessFile(blob.toFile(), "rw")) {
      file.seek(Files.size(blob) / 2);
      int flipped = file.read() ^ 1;
      file.seek(Files.size(blob) / 2);
      file.write(flipped);
    }
    Path pulled = directory.resolve("pulled.daxfs");
    Daxconv never = daxconv("pull", image, "--convert=never", "-o", pulled);
    assertThat(never.exit()).isEqualTo(1);
    assertThat(never.err()).contains("artifact sha256:").contains("expected");
    assertThat(pulled).doesNotExist();
    Daxconv missing = daxconv("pull", image, "-o", pulled);
    missing.output();
    assertThat(missing.err()).contains("converted here instead: artifact sha256:");
    assertThat(pulled).hasSameBinaryContentAs(made);
  }

  /** What the registry has of an artifact, less and less of it. */
  @Test
  void anArtifactThatIsListedAndNotWholeIsNotTaken() throws Exception {
    Path made = converted();
    JsonNode pushed = push(made, image);
    Path blob = blob(pushed);
    try (FileChannel file = FileChannel.open(blob, StandardOpenOption.WRITE)) {
      file.truncate(Files.size(blob) / 2);
    }
    insteadOf(made, "expected");
    Files.delete(blob);
    insteadOf(made, "404");
    String hex = pushed.path("manifest").asText().substring("sha256:".length());
    String revision =
        "registry/storage/docker/registry/v2/repositories/hello/_manifests/revisions/sha256/";
    Files.delete(directory.resolve(revision + hex + "/link"));
    insteadOf(made, "is listed and not there");
    push(made, image);
    Path pulled = directory.resolve("pulled.daxfs");
    daxconv("pull", image, "--convert=never", "-q", "-o", pulled).output();
    assertThat(pulled).hasSameBinaryContentAs(made);
  }

  private void insteadOf(Path made, String why) throws IOException {
    Path pulled = directory.resolve("pulled.daxfs");
    Daxconv never = daxconv("pull", image, "--convert=never", "--retry-delay=0", "-o", pulled);
    assertThat(never.exit()).isOne();
    assertThat(never.err().lines().toList().getLast()).contains("artifact sha256:", why);
    assertThat(pulled).doesNotExist();
    Daxconv missing = daxconv("pull", image, "--retry-delay=0", "-o", pulled);
    missing.output();
    assertThat(missing.err()).contains("converted here instead: ", why);
    assertThat(pulled).hasSameBinaryContentAs(made);
    Files.delete(pulled);
  }

  @Test
  void aFileOfAnotherImageIsNotAttached() throws Exception {
    Path rootfs = Files.createDirectories(directory.resolve("rootfs/etc"));
    Path other = directory.resolve("other.daxfs");
    daxconv("convert", "dir:" + rootfs, "-q", "-o", other).output();
    Daxconv pushed = daxconv("push", other, image);
    assertThat(pushed.exit()).isEqualTo(1);
    assertThat(pushed.err()).contains("expected to be made of the image");
  }

  @Test
  void aBrokenFileIsNotPushed() throws Exception {
    Path made = converted();
    try (RandomAccessFile file = new RandomAccessFile(made.toFile(), "rw")) {
      file.seek(8);
      file.write(1);
    }
    Daxconv pushed = daxconv("push", made, image);
    assertThat(pushed.exit()).isEqualTo(1);
    assertThat(pushed.err()).contains("made0.daxfs");
  }

  private JsonNode get(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + registry.host() + "/v2/" + path))
              .header(
                  "Accept",
                  "application/vnd.oci.image.manifest.v1+json,"
                      + " application/vnd.oci.image.index.v1+json")
              .build();
      return JSON.readTree(client.send(request, BodyHandlers.ofByteArray()).body());
    }
  }

  /** The file in which the registry keeps the artifact's blob. */
  private Path blob(JsonNode pushed) {
    String hex = pushed.path("blob").asText().substring("sha256:".length());
    return directory.resolve(
        "registry/storage/docker/registry/v2/blobs/sha256/"
            + hex.substring(0, 2)
            + "/"
            + hex
            + "/data");
  }
}

package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Converted images go to the host that hosts.toml gives for pushing, and are found there. */
@RequiresTools({"docker-registry", "skopeo"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class PushHostsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IMAGE = "registry.test/a/b:latest";

  private FaultImage image;
  private LocalRegistry registry;
  private LocalRegistry mirror;
  private LocalRegistry secure;
  private Path authority;

  @TempDir private Path directory;
  private Path made;
  private Path pulled;

  @BeforeAll
  void start(@TempDir Path shared) throws Exception {
    image = FaultImage.gzipped(shared, 100_000);
    TestCertificates certificates = TestCertificates.make(shared, "ip:127.0.0.1,dns:localhost");
    authority = certificates.writeCertificate("authority", shared.resolve("authority.pem"));
    registry = LocalRegistry.start(shared.resolve("registry"));
    mirror = LocalRegistry.start(shared.resolve("mirror"));
    secure =
        LocalRegistry.startWithTls(
            shared.resolve("secure"),
            certificates.writeCertificate("server", shared.resolve("server.pem")),
            certificates.writeKey("server", shared.resolve("server.key")));
    for (LocalRegistry each : List.of(registry, mirror, secure)) {
      each.put(image, "a/b:latest");
    }
  }

  @AfterAll
  void stop() {
    registry.close();
    mirror.close();
    secure.close();
  }

  @BeforeEach
  void nameFiles() {
    made = directory.resolve("made.daxfs");
    pulled = directory.resolve("pulled.daxfs");
  }

  private void hostsToml(String text) throws IOException {
    Path host = Files.createDirectories(directory.resolve("hosts/registry.test"));
    Files.writeString(
        host.resolve("hosts.toml"),
        text.replace("REGISTRY", registry.host())
            .replace("MIRROR", mirror.host())
            .replace("SECURE", secure.host())
            .replace("AUTHORITY", authority.toString()));
  }

  private Daxconv daxconv(Object... arguments) {
    Stream<Object> hosts = Stream.of("--hosts-dir", directory.resolve("hosts"));
    return Daxconv.run(
        Map.of("HOME", directory.resolve("home").toString()),
        InputStream.nullInputStream(),
        Stream.concat(Stream.of(arguments), hosts).map(Object::toString).toArray(String[]::new));
  }

  private JsonNode json(Object... arguments) throws IOException {
    return JSON.readTree(daxconv(arguments).output());
  }

  /** Pushes and pulls by the name that only hosts.toml knows. */
  private void goesRound() throws IOException {
    daxconv("convert", "-q", IMAGE, "-o", made).output();
    JsonNode pushed = json("push", "--json", made, IMAGE);
    assertThat(pushed.path("listed_by").asText()).isEqualTo("tag");
    JsonNode answer = json("pull", "--json", "--convert=never", IMAGE, "-o", pulled);
    assertThat(answer.path("artifact")).isEqualTo(pushed.path("manifest"));
    assertThat(pulled).hasSameBinaryContentAs(made);
  }

  @Test
  void anAuthorityThatOnlyHostsTomlNames() throws Exception {
    hostsToml(
        """
        [host."http://localhost:1"]
          capabilities = ["pull", "resolve"]
        [host."https://SECURE"]
          capabilities = ["pull", "resolve", "push"]
          ca = "AUTHORITY"
        """);
    goesRound();
  }

  @Test
  void aServerWithoutTlsIsNamedAsOne() throws Exception {
    hostsToml("server = \"http://REGISTRY\"\n");
    goesRound();
  }

  @Test
  void aMirrorIsReadAndNotPushedTo() throws Exception {
    hostsToml(
        """
        server = "https://SECURE"
        ca = "AUTHORITY"
        [host."http://MIRROR"]
          capabilities = ["pull", "resolve"]
        """);
    daxconv("convert", "-q", IMAGE, "-o", made).output();
    json("push", "--json", made, "registry.test/pushed/to:1", "--subject", IMAGE);
    assertThat(mirror.has("pushed/to")).isFalse();
    assertThat(secure.has("pushed/to")).isTrue();
    json("pull", "--json", "--convert=never", "registry.test/pushed/to:1", "-o", pulled);
    assertThat(pulled).hasSameBinaryContentAs(made);
  }

  @Test
  void aBatchIsPushedAndSkippedWhereItWasPushed() throws Exception {
    hostsToml(
        """
        server = "https://SECURE"
        ca = "AUTHORITY"
        [host."http://MIRROR"]
          capabilities = ["pull", "resolve"]
        """);
    Path results = directory.resolve("results.jsonl");
    for (String status : List.of("done", "skipped")) {
      // Without its journal, so that the second run has to ask.
      Path cache = directory.resolve("cache " + status);
      daxconv(
              "batch",
              "--registry",
              "registry.test",
              "--repositories",
              "a/*",
              "--push",
              "registry.test/batch/{repository}:{tag}",
              "--results",
              results,
              "--cache-dir",
              cache)
          .output();
      assertThat(JSON.readTree(results.toFile()).path("status").asText()).isEqualTo(status);
    }
    assertThat(secure.has("batch/a/b")).isTrue();
    assertThat(mirror.has("batch/a/b")).isFalse();
  }

  @Test
  void whereNobodyCanPushNothingIsSent() throws Exception {
    hostsToml("server = \"http://REGISTRY\"\ncapabilities = [\"pull\", \"resolve\"]\n");
    daxconv("convert", "-q", IMAGE, "-o", made).output();
    Daxconv push = daxconv("push", made, "registry.test/never/was:1", "--subject", IMAGE);
    assertThat(push.exit()).isOne();
    assertThat(push.err()).endsWith("hosts.toml: expected a host that can push, found none\n");
    assertThat(registry.has("never/was")).isFalse();
  }
}

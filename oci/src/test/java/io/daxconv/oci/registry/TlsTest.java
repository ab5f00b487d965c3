package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.oci.FakeRegistry;
import io.daxconv.oci.ImageBlobs;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.hosts.RegistryHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsTest {
  private static final String PASSWORD = "password";

  @TempDir static Path keys;
  @TempDir Path temp;
  private final FakeRegistry registry;
  private final ImageBlobs images = new ImageBlobs();
  private final byte[] layer = ImageBlobs.layer("a", "b");

  TlsTest() throws Exception {
    registry = new FakeRegistry(serverContext().getServerSocketFactory());
  }

  @BeforeAll
  static void makeCertificate() throws Exception {
    keytool(
        "-genkeypair -alias a -keyalg EC -dname CN=localhost -ext san=ip:127.0.0.1 -validity 2"
            + " -storetype PKCS12");
    keytool("-exportcert -alias a -rfc -file " + keys.resolve("ca.pem"));
  }

  private static void keytool(String arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ", -1)));
    command.addAll(
        List.of("-keystore", keys.resolve("keys.p12").toString(), "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }

  private static SSLContext serverContext() throws Exception {
    KeyStore store =
        KeyStore.getInstance(keys.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  @BeforeEach
  void serve() {
    Digest manifest = images.image(new Platform("linux", "amd64", null), layer);
    registry.serve("a/b", images);
    registry.tag("a/b", "latest", images, manifest);
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private static Endpoint endpoint(String host, boolean plainHttp, SSLContext tls)
      throws IOException {
    RegistryHost asked =
        new RegistryHost(
            host,
            RegistryHost.Scheme.USUAL,
            "/v2",
            "a",
            true,
            null,
            Map.of(),
            RegistryHost.TlsSettings.PLATFORM,
            null,
            null);
    return Endpoint.of(asked, plainHttp, tls);
  }

  private byte[] pull(@Nullable Path caFile) throws IOException {
    SourceOptions options =
        SourceOptions.builder(Map.of(), temp)
            .caFile(caFile)
            .retries(new RetryPolicy(2, Duration.ofMillis(1)))
            .build();
    try (SourceImage image =
            RegistryImage.open(
                RegistryReference.parse(registry.host() + "/a/b"), options, Timeouts.DEFAULT);
        InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      return in.readAllBytes();
    }
  }

  @Test
  void trustsTheCertificatesOfTheFile() throws IOException {
    assertThat(pull(keys.resolve("ca.pem"))).isEqualTo(layer);
  }

  @Test
  void trustsNoOthersEvenOnThisMachine() {
    assertThatThrownBy(() -> pull(null))
        .isInstanceOf(RegistryException.class)
        .hasMessageStartingWith(
            "https://" + registry.host() + "/v2/a/b/manifests/latest: TLS failed: ");
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void isNotLedFromTlsToPlainHttp() {
    registry.on(
        "/v2/a/b/blobs/" + Digest.sha256(layer),
        (request, answer) ->
            answer.send(307, new byte[0], "Location: http://127.0.0.1:9/x?signature=secret"));

    assertThatThrownBy(() -> pull(keys.resolve("ca.pem")))
        .hasMessage(
            "https://%s/v2/a/b/blobs/%s: redirects from https to plain http: http://127.0.0.1:9/x"
                .formatted(registry.host(), Digest.sha256(layer)));
  }

  @Test
  void wantsCertificatesInTheFile() throws IOException {
    Path empty = Files.createFile(temp.resolve("empty.pem"));
    assertThatThrownBy(() -> pull(empty))
        .isInstanceOf(SourceException.class)
        .hasMessage("CA file \"" + empty + "\": expected certificates in PEM, found none");
    assertThatThrownBy(() -> pull(temp.resolve("none.pem")))
        .hasMessage("CA file \"" + temp + "/none.pem\": expected a file, found nothing");
  }

  @Test
  void doesNotWaitForASilentServerOnThisMachine() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      long begun = System.nanoTime();
      assertThat(TlsProbe.speaksTls("127.0.0.1", silent.getLocalPort(), SSLContext.getDefault()))
          .isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void speaksPlainHttpOnlyWhereItMay() throws Exception {
    SSLContext tls = SSLContext.getDefault();

    assertThat(endpoint("quay.io", false, tls).resolve("a")).hasToString("https://quay.io/v2/a");
    assertThat(endpoint("quay.io", true, tls).resolve("a")).hasToString("http://quay.io/v2/a");
    assertThat(endpoint(registry.host(), false, tls).resolve("a"))
        .hasToString("https://" + registry.host() + "/v2/a");
    assertThatThrownBy(() -> endpoint("1.2.3:5", false, tls))
        .hasMessage("image reference: expected a host, found \"1.2.3:5\"");
  }
}

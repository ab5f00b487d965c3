package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry behind TLS: who believes whom, and the way there through a proxy's tunnel. */
@RequiresTools({"docker-registry", "skopeo", "env"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class FaultyTlsTest {
  private static final String NAME = "registry.test";

  private FaultImage image;
  private LocalRegistry registry;
  private TestCertificates certificates;
  private FaultProxy open;
  private FaultProxy closed;

  @TempDir private Path directory;
  private Path home;
  private Path hosts;
  private Path output;
  private Path authority;

  @BeforeAll
  void start(@TempDir Path shared) throws Exception {
    image = FaultImage.gzipped(shared, 100_000);
    registry = LocalRegistry.start(shared.resolve("registry"));
    registry.put(image, "a/b:latest");
    certificates = TestCertificates.make(shared, "ip:127.0.0.1,dns:" + NAME);
    open = new FaultProxy(registry.host(), certificates.server().getServerSocketFactory());
    SSLServerSocket demanding =
        (SSLServerSocket)
            certificates
                .server()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    demanding.setNeedClientAuth(true);
    closed = new FaultProxy(registry.host(), demanding);
  }

  @AfterAll
  void stop() throws IOException {
    open.close();
    closed.close();
    registry.close();
  }

  @BeforeEach
  void makeDirectories() throws Exception {
    open.fault(FaultExchange::pass);
    closed.fault(FaultExchange::pass);
    home = Files.createDirectories(directory.resolve("home"));
    hosts = Files.createDirectories(directory.resolve("hosts"));
    output = Files.createDirectories(directory.resolve("outputs")).resolve("image.daxfs");
    authority = certificates.writeCertificate("authority", directory.resolve("authority.pem"));
  }

  private String[] command(String host, Object... options) {
    List<String> command = new ArrayList<>(List.of("convert", "-q", host + "/a/b:latest"));
    command.addAll(List.of("-o", output.toString(), "--hosts-dir", hosts.toString()));
    command.addAll(List.of("--retry-times", "1", "--retry-delay", "0.01", "--timeout", "5"));
    for (Object option : options) {
      command.add(option.toString());
    }
    return command.toArray(String[]::new);
  }

  private Daxconv run(Map<String, String> environment, String host, Object... options) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("HOME", home.toString());
    return Daxconv.run(all, InputStream.nullInputStream(), command(host, options));
  }

  private void converts(String host, Object... options) throws IOException {
    run(Map.of(), host, options).output();
    assertThat(image.isWhole(output)).isTrue();
  }

  private void fails(Daxconv run, String message) throws IOException {
    assertThat(run.exit()).as(run.err()).isOne();
    assertThat(run.err().lines().toList().getLast()).matches("daxconv: " + message);
    assertThat(FaultImage.names(directory.resolve("outputs"))).isEmpty();
  }

  private Path certificatesOf(FaultProxy proxy) {
    return home.resolve(".config/containers/certs.d").resolve(proxy.host());
  }

  private void hostsToml(FaultProxy proxy, String lines) throws IOException {
    Path toml = Files.createDirectories(hosts.resolve(proxy.host())).resolve("hosts.toml");
    Files.writeString(
        toml,
        "server = \"https://%s\"%n[host.\"https://%1$s\"]%n%s".formatted(proxy.host(), lines));
  }

  @Test
  void anAuthorityThatNobodyKnowsIsNotBelieved() throws IOException {
    fails(run(Map.of(), open.host()), ".*: TLS failed: .*");
    assertThat(open.requests()).isEmpty();
  }

  @Test
  void anotherAuthorityIsNotEnough() throws Exception {
    Path stranger = certificates.writeCertificate("stranger", directory.resolve("other.pem"));
    fails(run(Map.of(), open.host(), "--ca-file", stranger), ".*: TLS failed: .*");
  }

  @Test
  void aCertificateForAnotherNameIsNotBelieved() throws IOException {
    String local = "localhost:" + open.port();
    fails(run(Map.of(), local, "--ca-file", authority), ".*: TLS failed: .*localhost.*");
  }

  @Test
  void theAuthorityIsNamedOrLiesWhereItBelongs() throws Exception {
    converts(open.host(), "--ca-file", authority);
    Files.delete(output);
    certificates.writeCertificate("authority", certificatesOf(open).resolve("ca.crt"));
    converts(open.host());
  }

  @Test
  void skipVerifyBelievesAnybody() throws IOException {
    hostsToml(open, "skip_verify = true\n");
    converts(open.host());
  }

  @Test
  void faultsBehindTlsAreFaultsToo() throws IOException {
    String layer = "/blobs/" + image.layers().getLast();
    open.fault(Fault.cut(70_000).on(layer).once());
    converts(open.host(), "--ca-file", authority);
    assertThat(open.asked(layer)).isEqualTo(2);
    Files.delete(output);
    open.fault(Fault.reset(100).on("/manifests/latest").once());
    converts(open.host(), "--ca-file", authority);
  }

  @Test
  void aServerThatAsksWhoIsThereIsToldByTheDirectoryOfItsHost() throws Exception {
    certificates.writeCertificate("authority", certificatesOf(closed).resolve("ca.crt"));
    fails(run(Map.of(), closed.host()), ".*: TLS failed: .*certificate.*");
    certificates.writeCertificate("client", certificatesOf(closed).resolve("me.cert"));
    certificates.writeKey("client", certificatesOf(closed).resolve("me.key"));
    converts(closed.host());
  }

  @Test
  void aServerThatAsksWhoIsThereIsToldByHostsToml() throws Exception {
    Path host = hosts.resolve(closed.host());
    certificates.writeCertificate("client", host.resolve("me.pem"));
    certificates.writeKey("client", host.resolve("key.pem"));
    hostsToml(closed, "ca = \"%s\"%nclient = [[\"me.pem\", \"key.pem\"]]%n".formatted(authority));
    converts(closed.host());
  }

  @Test
  void aStrangersCertificateIsRefusedInOneLine() throws Exception {
    certificates.writeCertificate("stranger", certificatesOf(closed).resolve("me.cert"));
    certificates.writeKey("stranger", certificatesOf(closed).resolve("me.key"));
    fails(run(Map.of(), closed.host(), "--ca-file", authority), ".*: TLS failed: .*");
    assertThat(closed.requests()).isEmpty();
  }

  @Test
  void aKeyOfAnotherCertificateIsNamed() throws Exception {
    certificates.writeCertificate("client", certificatesOf(closed).resolve("me.cert"));
    certificates.writeKey("stranger", certificatesOf(closed).resolve("me.key"));
    fails(run(Map.of(), closed.host(), "--ca-file", authority), ".*(TLS failed|me.key).*");
  }

  @Test
  void aProxyMakesTunnels() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy(open.port(), null)) {
      Map<String, String> environment = Map.of("HTTPS_PROXY", "http://" + proxy.host());
      run(environment, NAME, "--ca-file", authority).output();
      assertThat(image.isWhole(output)).isTrue();
      assertThat(proxy.requests())
          .isNotEmpty()
          .allMatch(request -> request.first().equals("CONNECT " + NAME + ":443 HTTP/1.1"));
    }
    assertThat(open.requests())
        .isNotEmpty()
        .allMatch(request -> NAME.equals(request.header("Host")));
  }

  @Test
  void aHostsOwnProxyGoesBeforeThatOfTheEnvironment() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy(open.port(), null);
        TunnelProxy other = new TunnelProxy(open.port(), null)) {
      hostsToml(open, "proxy = \"http://" + proxy.host() + "\"\nca = \"" + authority + "\"\n");
      run(Map.of("HTTPS_PROXY", "http://" + other.host()), open.host()).output();
      assertThat(image.isWhole(output)).isTrue();
      assertThat(other.requests()).isEmpty();
      assertThat(proxy.requests())
          .isNotEmpty()
          .allMatch(request -> request.first().equals("CONNECT " + open.host() + " HTTP/1.1"));
    }
  }

  @Test
  void aTunnelIsNoReasonToBelieveAnybody() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy(open.port(), null)) {
      Map<String, String> environment = Map.of("HTTPS_PROXY", "http://" + proxy.host());
      fails(run(environment, NAME), ".*" + NAME + ".* through proxy .*: TLS failed: .*");
    }
  }

  /** As a process: what the JDK does with passwords of tunnels is decided when it is first used. */
  private FaultProcess process(String proxy) throws IOException {
    return FaultProcess.start(
        Map.of("HTTPS_PROXY", "http://" + proxy), home, command(NAME, "--ca-file", authority));
  }

  @Test
  void aProxyIsToldThePasswordAndNobodyElseIs() throws Exception {
    try (TunnelProxy proxy = new TunnelProxy(open.port(), "me:se:cret");
        FaultProcess process = process("me:se:cret@" + proxy.host())) {
      assertThat(process.exit()).as(process.err()).isZero();
    }
    assertThat(image.isWhole(output)).isTrue();
    assertThat(open.requests())
        .isNotEmpty()
        .allMatch(request -> request.header("Proxy-Authorization") == null);
  }

  @Test
  void aProxyThatRefusesThePasswordIsNamed() throws Exception {
    try (TunnelProxy proxy = new TunnelProxy(open.port(), "me:secret");
        FaultProcess process = process("me:wrong@" + proxy.host())) {
      assertThat(process.exit()).isOne();
      assertThat(process.err().lines().toList().getLast())
          .startsWith("daxconv: https://" + NAME + "/v2/a/b/manifests/latest")
          .contains(" through proxy " + proxy.host(), "407")
          .doesNotContain("wrong");
    }
    assertThat(output).doesNotExist();
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws IOException {
    String nobody;
    try (TunnelProxy proxy = new TunnelProxy(open.port(), null)) {
      nobody = proxy.host();
    }
    Daxconv run = run(Map.of("HTTPS_PROXY", "http://" + nobody), NAME, "--ca-file", authority);
    fails(run, "https://" + NAME + "/v2/.* through proxy " + nobody + ": cannot connect");
  }
}

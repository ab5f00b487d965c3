package io.daxconv.oci.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.hosts.RegistryHost.Scheme;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryHostsTest {
  @TempDir Path temp;

  private void write(String path, String text) throws IOException {
    Path file = temp.resolve(path);

    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<RegistryHost> find(String registry, String repository, String suffix)
      throws IOException {
    return RegistryHosts.find(registry, repository, suffix, suffix.startsWith("@"), options());
  }

  private List<String> places(String registry, String repository, String suffix)
      throws IOException {
    return find(registry, repository, suffix).stream()
        .map(host -> host.authority() + host.apiPath() + "/" + host.repository())
        .toList();
  }

  @Test
  void withoutFilesARegistryIsWhatItsNameSays() throws IOException {
    assertThat(places("quay.io", "a/b", ":1")).containsExactly("quay.io/v2/a/b");
  }

  @Test
  void theLongestPrefixCountsAndItsMirrorsComeFirst() throws IOException {
    write(
        "containers/registries.conf",
        """
        [[registry]]
        prefix = "example.com"
        location = "short.example"
        [[registry]]
        prefix = "example.com/foo"
        location = "internal.example:5000/bar"
        insecure = true
        [[registry.mirror]]
        location = "m0.example/mirror"
        [[registry.mirror]]
        location = "m1.example/mirror"
        pull-from-mirror = "digest-only"
        """);
    assertThat(places("example.com", "foo/image", ":1"))
        .containsExactly("m0.example/v2/mirror/image", "internal.example:5000/v2/bar/image");
    assertThat(places("example.com", "foo/image", "@sha256:1")).hasSize(3);
    assertThat(places("example.com", "food/image", ":1"))
        .containsExactly("short.example/v2/food/image");
    assertThat(find("example.com", "foo/image", ":1").getLast().scheme()).isEqualTo(Scheme.EITHER);
  }

  @Test
  void dropInsComeLaterAndCanBlock() throws IOException {
    write("containers/registries.conf", "[[registry]]\nlocation = \"example.com\"\n");
    write(
        "containers/registries.conf.d/1.conf",
        "[[registry]]\nprefix = \"*.example.com\"\nblocked = true\n");
    assertThat(places("example.com", "a", "")).containsExactly("example.com/v2/a");
    assertThatThrownBy(() -> find("x.example.com", "a", ""))
        .hasMessage(
            temp + "/containers/registries.conf.d/1.conf: registry \"*.example.com\" is blocked");
  }

  @Test
  void hostsTomlSaysWhatEachHostCanDo() throws IOException {
    write(
        "containerd/certs.d/example.com:5000/hosts.toml",
        """
        server = "https://up.example"
        [host."http://mirror.example:80"]
          capabilities = ["pull"]
          ca = "ca.pem"
          dial_timeout = "2s"
          [host."http://mirror.example:80".header]
            x-one = ["a", "b"]
        [host."https://push.example"]
          capabilities = ["push"]
        [host."https://odd.example/v2/up"]
          override_path = true
          skip_verify = true
          client = [["c.cert", "c.key"]]
        """);
    List<RegistryHost> hosts = find("example.com:5000", "a", ":1");
    assertThat(places("example.com:5000", "a", ":1"))
        .containsExactly("mirror.example:80/v2/a", "odd.example/v2/up/a", "up.example/v2/a");
    Path directory = temp.resolve("containerd/certs.d/example.com:5000");
    RegistryHost mirror = hosts.getFirst();
    assertThat(mirror.scheme()).isEqualTo(Scheme.HTTP);
    assertThat(mirror.resolves()).isFalse();
    assertThat(mirror.namespace()).isEqualTo("example.com:5000");
    assertThat(mirror.headers()).containsOnly(Map.entry("x-one", "a, b"));
    assertThat(mirror.dialTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(mirror.tls().authorities()).containsExactly(directory.resolve("ca.pem"));
    assertThat(hosts.get(1).tls().unverified()).isTrue();
    assertThat(hosts.get(1).tls().clients())
        .containsExactly(
            new RegistryHost.ClientCertificate(
                directory.resolve("c.cert"), directory.resolve("c.key")));
  }

  private SourceOptions options() {
    return SourceOptions.builder(Map.of(), temp.resolve("home")).systemConfig(temp).build();
  }

  private RegistryHost toPush(String registry, String repository, String suffix)
      throws IOException {
    return RegistryHosts.toPush(registry, repository, suffix, options());
  }

  private static String place(RegistryHost host) {
    return host.scheme() + " " + host.authority() + host.apiPath() + "/" + host.repository();
  }

  @Test
  void pushesGoToTheFirstHostThatCanAndListsComeFromTheLast() throws IOException {
    write(
        "containerd/certs.d/example.com/hosts.toml",
        """
        server = "http://up.example:8080"
        [host."https://mirror.example"]
          capabilities = ["pull", "resolve"]
        [host."https://push.example/deep"]
          capabilities = ["Push"]
          ca = "ca.pem"
          [host."https://push.example/deep".header]
            x-one = "a"
        [host."https://later.example"]
        """);
    RegistryHost host = toPush("example.com", "a", ":1");
    assertThat(place(host)).isEqualTo("HTTPS push.example/deep/v2/a");
    assertThat(host.namespace()).isEqualTo("example.com");
    assertThat(host.headers()).containsOnly(Map.entry("x-one", "a"));
    assertThat(host.tls().authorities())
        .containsExactly(temp.resolve("containerd/certs.d/example.com/ca.pem"));
    assertThat(place(RegistryHosts.toList("example.com", "a", options())))
        .isEqualTo("HTTP up.example:8080/v2/a");
    assertThat(places("example.com", "a", ":1")).hasSize(3);
  }

  @Test
  void aServerThatIsNotNamedIsTheRegistryItself() throws IOException {
    write(
        "containerd/certs.d/_default/hosts.toml",
        "[host.\"https://mirror.example\"]\n  capabilities = [\"pull\"]\n");
    assertThat(place(toPush("localhost:5000", "a", ""))).isEqualTo("USUAL localhost:5000/v2/a");
    RegistryHost hub = toPush("docker.io", "library/a", "");
    assertThat(place(hub)).isEqualTo("USUAL docker.io/v2/library/a");
    assertThat(hub.namespace()).isNull();
  }

  @Test
  void whereNoHostCanPushNobodyIsPushedTo() throws IOException {
    write(
        "containerd/certs.d/example.com/hosts.toml",
        "server = \"https://registry-1.example\"\ncapabilities = [\"pull\", \"resolve\"]\n");
    assertThat(place(RegistryHosts.toList("example.com", "a", options())))
        .isEqualTo("HTTPS registry-1.example/v2/a");
    assertThatThrownBy(() -> toPush("example.com", "a", ""))
        .hasMessage(
            temp
                + "/containerd/certs.d/example.com/hosts.toml: expected a host that can push, found"
                + " none");
  }

  @Test
  void registriesConfRedirectsOnlyWhatIsRead() throws IOException {
    write(
        "containers/registries.conf",
        """
        [[registry]]
        prefix = "example.com"
        location = "internal.example:5000/bar"
        insecure = true
        [[registry.mirror]]
        location = "mirror.example"
        [[registry]]
        prefix = "example.com/no"
        blocked = true
        """);
    write("containerd/certs.d/example.com/hosts.toml", "server = \"https://other.example\"\n");
    RegistryHost host = toPush("example.com", "foo/image", ":1");
    assertThat(place(host)).isEqualTo("EITHER example.com/v2/foo/image");
    assertThat(host.tls().unverified()).isTrue();
    assertThat(place(RegistryHosts.toList("example.com", "foo", options())))
        .isEqualTo("EITHER example.com/v2/foo");
    assertThatThrownBy(() -> toPush("example.com", "no/image", ":1"))
        .hasMessage(temp + "/containers/registries.conf: registry \"example.com/no\" is blocked");
  }

  @Test
  void hostsTomlNamesAProxyForEachHost() throws IOException {
    write(
        "containerd/certs.d/example.com/hosts.toml",
        """
        proxy = "http://last.example"
        [host."https://mirror.example"]
          proxy = "http://me:secret@first.example:3128"
        [host."https://other.example"]
        """);
    List<RegistryHost> hosts = find("example.com", "a", "");
    assertThat(hosts)
        .extracting(RegistryHost::proxy)
        .containsExactly(
            URI.create("http://me:secret@first.example:3128"),
            null,
            URI.create("http://last.example"));
    URI loopback = URI.create("https://127.0.0.1/v2/");
    assertThat(EnvironmentProxies.always(URI.create("http://a:1")).note(loopback))
        .isEqualTo(" through proxy a:1");
  }

  @Test
  void aProxyThatCannotBeUsedIsRefused() throws IOException {
    for (String proxy : List.of("socks5://u:secret@h", "https://u:secret@h", "http://")) {
      write("containerd/certs.d/example.com/hosts.toml", "proxy = \"" + proxy + "\"\n");
      assertThatThrownBy(() -> find("example.com", "a", ""))
          .hasMessageContaining("hosts.toml: proxy: expected a proxy as http://HOST[:PORT], found ")
          .hasMessageEndingWith(
              proxy.startsWith("socks") ? "a SOCKS proxy, which is not supported" : "another value")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void certificatesAreFoundByTheNamesOfFiles() throws IOException {
    write("docker/certs.d/example.com/ca.crt", "");
    write("containers/certs.d/example.com/client.cert", "");
    Path certificate = temp.resolve("containers/certs.d/example.com/client.cert");
    assertThatThrownBy(() -> find("example.com", "a", ""))
        .hasMessage(
            "client certificate \"%s\": expected its key \"%s\", found nothing"
                .formatted(certificate, certificate.resolveSibling("client.key")));
    write("containers/certs.d/example.com/client.key", "");
    RegistryHost host = find("example.com", "a", "").getFirst();
    assertThat(host.tls().authorities())
        .containsExactly(temp.resolve("docker/certs.d/example.com/ca.crt"));
    assertThat(host.tls().clients()).hasSize(1);
  }

  @Test
  void whatIsNoTomlIsNamedAndNotShown() throws IOException {
    write("containers/registries.conf", "[[registry]]\nsecret \n");
    assertThatThrownBy(() -> find("example.com", "a", ""))
        .hasMessageStartingWith(temp + "/containers/registries.conf: not valid TOML")
        .hasMessageNotContaining("secret");
  }
}

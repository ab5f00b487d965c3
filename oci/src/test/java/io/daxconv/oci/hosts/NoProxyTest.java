package io.daxconv.oci.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoProxyTest {
  @ParameterizedTest
  @CsvSource({
    "'', r.example, 443, false",
    "'', localhost, 5000, true",
    "'', 127.0.0.1, 5000, true",
    "*, r.example, 443, true",
    "r.example, r.example, 443, true",
    "r.example, a.r.example, 443, true",
    "r.example, xr.example, 443, false",
    ".r.example, r.example, 443, false",
    ".r.example, a.r.example, 443, true",
    "R.Example, r.example, 443, true",
    "r.example:5000, r.example, 5000, true",
    "r.example:5000, r.example, 443, false",
    "10.0.0.0/8, 10.1.2.3, 443, true",
    "10.0.0.0/8, 11.1.2.3, 443, false",
    "10.1.2.3, 10.1.2.3, 443, true",
    "'a.example, 10.0.0.0/8', 10.9.9.9, 443, true",
  })
  void coversWhatGoCovers(String variable, String host, int port, boolean direct) {
    assertThat(NoProxy.parse(variable).covers(host, port)).isEqualTo(direct);
  }

  @Test
  void proxiesAreOfTheScheme() throws Exception {
    EnvironmentProxies proxies =
        new EnvironmentProxies(
            Map.of("https_proxy", "http://u:p@proxy.example:3128", "NO_PROXY", "in.example"));
    assertThat(proxies.note(URI.create("https://r.example/v2/")))
        .isEqualTo(" through proxy proxy.example:3128");
    assertThat(proxies.authorization(URI.create("https://r.example/v2/"))).isEqualTo("Basic dTpw");
    assertThat(proxies.note(URI.create("http://r.example/v2/"))).isEmpty();
    assertThat(proxies.note(URI.create("https://in.example/v2/"))).isEmpty();
    assertThatThrownBy(() -> new EnvironmentProxies(Map.of("HTTP_PROXY", "socks5://u:secret@p")))
        .hasMessage(
            "environment: HTTP_PROXY: expected a proxy as http://HOST[:PORT], found another value");
  }
}

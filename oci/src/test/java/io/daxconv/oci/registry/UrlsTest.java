package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlsTest {
  @Test
  void showsNeitherUserNorQuery() {
    assertThat(Urls.redacted(URI.create("https://u:p@h:5/a/b?sig=secret#x")))
        .isEqualTo("https://h:5/a/b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          see https://u:p@h/a?sig=s&x=y for more | see https://***@h/a?*** for more
          https://h/a#token | https://h/a?***
          https://h/r@sha256:12 | https://h/r@sha256:12
          what? //a@b//c?d e | what? //***@b//c?*** e
          nothing to hide? no | nothing to hide? no
          """)
  void hidesThemInTextOfOthers(String text, String shown) {
    assertThat(Urls.redactedIn(text)).isEqualTo(shown);
  }

  /** The text comes from registries, a megabyte of it at most. */
  @Test
  @Timeout(20)
  void isNotSlowedDownByHostileText() {
    assertThat(Urls.redactedIn("//a".repeat(300_000))).hasSize(900_000);
    assertThat(Urls.redactedIn("/".repeat(1_000_000))).hasSize(1_000_000);
    assertThat(Urls.redactedIn("//" + "a".repeat(1_000_000))).hasSize(1_000_002);
  }

  /** Where credentials may go: {@link Endpoint#trustsRealm}. */
  @ParameterizedTest
  @CsvSource({
    // A token server on a host of its own is what Docker Hub has.
    "https://registry-1.docker.io, false, https://auth.docker.io/token, true",
    "https://r.example, false, http://r.example/token, false",
    "https://r.example, false, http://127.0.0.1/token, false",
    "https://r.example, true, http://r.example/token, false",
    "http://127.0.0.1:5000, false, http://localhost:5001/token, true",
    "http://127.0.0.1:5000, false, http://r.example/token, false",
    "http://localhost:5000, true, http://r.example/token, false",
    "http://127.0.0.1:5000, false, https://auth.example/token, true",
    "http://r.example, true, http://r.example:81/token, true",
    "http://r.example, true, http://auth.example/token, false",
    "http://r.example, true, http://127.0.0.1/token, false",
    "https://r.example, false, https://u:p@auth.example/token, false",
    "https://r.example, false, file:///etc/passwd, false",
    "https://r.example, false, /token, false",
  })
  void trustsOnlySomeTokenServers(String root, boolean plainHttp, String realm, boolean trusted) {
    assertThat(
            new Endpoint(URI.create(root), plainHttp, "/v2", "", Map.of())
                .trustsRealm(URI.create(realm)))
        .isEqualTo(trusted);
  }
}

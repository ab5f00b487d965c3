package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.SourceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryReferenceTest {
  private static final String HEX =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @ParameterizedTest
  @CsvSource({
    "debian, docker.io/library/debian:latest",
    "docker://debian:12, docker.io/library/debian:12",
    "docker.io/debian, docker.io/library/debian:latest",
    "index.docker.io/a/b, docker.io/a/b:latest",
    "a/b, docker.io/a/b:latest",
    "localhost/a, localhost/a:latest",
    "localhost:5000/a/b/c:1, localhost:5000/a/b/c:1",
    "quay.io/a/b, quay.io/a/b:latest",
    "[::1]:5000/a:1, [::1]:5000/a:1",
    "debian@sha256:" + HEX + ", docker.io/library/debian@sha256:" + HEX,
    "debian:12@sha256:" + HEX + ", docker.io/library/debian:12@sha256:" + HEX,
    "h:5/a@sha256:" + HEX + ", h:5/a@sha256:" + HEX,
  })
  void fillsInWhatIsUsuallyLeftOut(String text, String full) throws SourceException {
    assertThat(RegistryReference.parse(text)).hasToString(full);
  }

  @Test
  void asksDockerHubWhereItsApiIs() throws SourceException {
    assertThat(RegistryReference.parse("debian").apiHost()).isEqualTo("registry-1.docker.io");
    assertThat(RegistryReference.parse("quay.io/a").apiHost()).isEqualTo("quay.io");
  }

  @Test
  void asksForTheDigestIfThereIsOne() throws SourceException {
    assertThat(RegistryReference.parse("a:1@sha256:" + HEX).selector()).isEqualTo("sha256:" + HEX);
    assertThat(RegistryReference.parse("a:1").selector()).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Debian", "a:b:c", "a//b", "scratch", "h.x/", "a:", "a b", ":", "/a"})
  void refusesOtherThings(String text) {
    assertThatThrownBy(() -> RegistryReference.parse(text))
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "image reference: expected [registry/]repository[:tag][@digest] with the repository in"
                + " lower case, found \"%s\"".formatted(text));
  }

  @Test
  void refusesUrlsAndBadPartsBehindThem() {
    assertThatThrownBy(() -> RegistryReference.parse("https://quay.io/a"))
        .hasMessage(
            "image reference: expected no scheme but docker://, found \"https://quay.io/a\"");
    assertThatThrownBy(() -> RegistryReference.parse("a@sha256:0"))
        .hasMessage("digest: expected sha256:<64 hex digits> or sha512:<128>, found \"sha256:0\"");
    assertThatThrownBy(() -> RegistryReference.parse("h.x:99999/a"))
        .hasMessage("image reference: expected a port up to 65535, found \"h.x:99999/a\"");
  }
}

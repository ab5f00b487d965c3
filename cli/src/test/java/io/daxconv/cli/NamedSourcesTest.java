package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What images are called where nobody says. */
class NamedSourcesTest {
  @ParameterizedTest
  @CsvSource({
    "debian, debian",
    "debian:12, debian-12",
    "docker.io/library/debian:12, debian-12",
    "localhost:5055/real:v1, real-v1",
    "quay.io/a/b@sha256:1234, b",
    "oci:images/app:v1, app-v1",
    "oci:app:v1, app-v1",
    "oci-archive:/x/app.tar, app.tar",
    "dir:/srv/root fs/, root-fs",
  })
  void namesComeFromTheLastPart(String image, String name) {
    assertThat(NamedSources.name(image)).isEqualTo(name);
  }
}

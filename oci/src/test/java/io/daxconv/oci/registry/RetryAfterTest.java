package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "30, 30",
    "0, 0",
    "99999999999999999999999, 2147483647",
    "'Thu, 1 Jan 2026 00:01:00 GMT', 60",
    "'Thu, 01 Jan 2026 00:01:00 GMT', 60",
    "'Wed, 31 Dec 2025 00:00:00 GMT', 0",
  })
  void isSecondsOrADate(String header, long seconds) {
    assertThat(RetryAfter.parse(header, NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"''", "-1", "soon", "1.5", "'Thu, 99 Jan 2026 00:01:00 GMT'"})
  void isNothingElse(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isNull();
  }
}

package io.daxconv.oci.registry;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The header {@code Retry-After}: seconds or a date (RFC 9110, 10.2.3). */
final class RetryAfter {
  /** More digits than a wait can have. */
  private static final int MOST_DIGITS = 9;

  private RetryAfter() {}

  /** How long is to be waited from now on; null if the header is not there or is neither. */
  static @Nullable Duration parse(String header, Instant now) {
    String text = header.strip();
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Duration.ofSeconds(
          text.length() > MOST_DIGITS ? Integer.MAX_VALUE : Long.parseLong(text));
    }
    try {
      Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return date.isBefore(now) ? Duration.ZERO : Duration.between(now, date);
    } catch (DateTimeException neither) {
      return null;
    }
  }
}

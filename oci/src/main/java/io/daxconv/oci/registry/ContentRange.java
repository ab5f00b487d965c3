package io.daxconv.oci.registry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes an answer of 206 has (RFC 9110, 14.4).
 *
 * @param first the first
 * @param last the last, inclusive
 * @param size how many there are in all, or -1 if the sender does not say
 */
record ContentRange(long first, long last, long size) {
  private static final Pattern SYNTAX =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  /** Null if it is nothing like that. */
  static @Nullable ContentRange parse(String header) {
    Matcher range = SYNTAX.matcher(header.strip());
    if (!range.matches()) {
      return null;
    }
    String size = range.group(3);
    return new ContentRange(
        Long.parseLong(range.group(1)),
        Long.parseLong(range.group(2)),
        size.equals("*") ? -1 : Long.parseLong(size));
  }
}

package io.daxconv.converter.mount;

import io.daxconv.converter.text.Escapes;
import java.util.regex.Pattern;

/** A physical range as text. */
final class RangeText {
  static final Pattern PATTERN = Pattern.compile("phys:([^:]*):([^:]*)");

  private RangeText() {}

  /** An unsigned 64-bit number, decimal, or hexadecimal after {@code 0x}. */
  static long number(String text) {
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    String digits = hex ? text.substring(2) : text;
    try {
      if (!digits.startsWith("+")) {
        return Long.parseUnsignedLong(digits, hex ? 16 : 10);
      }
    } catch (NumberFormatException e) {
      throw notANumber(text, e);
    }
    throw notANumber(text, null);
  }

  private static IllegalArgumentException notANumber(
      String text, @org.jspecify.annotations.Nullable Throwable cause) {
    return new IllegalArgumentException(
        "expected a number of bytes below 2^64, found " + Escapes.quote(text), cause);
  }
}

package io.daxconv.cli;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people read them: powers of 1024, one digit behind the point. */
final class Sizes {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,19})([KMGT]?)");

  private Sizes() {}

  /**
   * Reads a size as one writes it on a command line, such as {@code 4096} or {@code 2M}.
   *
   * @param option what messages start with
   * @throws IllegalArgumentException if it is none, or more than a long can hold
   */
  static long parse(String option, String text) {
    Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (size.matches()) {
      int power = " KMGT".indexOf(size.group(2).isEmpty() ? " " : size.group(2));
      BigInteger bytes = new BigInteger(size.group(1)).shiftLeft(10 * power);
      if (bytes.bitLength() < Long.SIZE) {
        return bytes.longValueExact();
      }
    }
    throw new IllegalArgumentException(
        option + ": expected a size such as 4096, 64M or 2G, found " + ErrorLine.ofUser(text));
  }

  static String text(long bytes) {
    int unit = unit(bytes);
    return in(unit, bytes) + " " + UNITS[unit];
  }

  /** A part of a whole in the whole's unit: {@code 0.4 of 27.1 MiB}. */
  static String part(long bytes, long whole) {
    int unit = unit(whole);
    return in(unit, bytes) + " of " + text(whole);
  }

  private static int unit(long bytes) {
    int unit = 0;
    for (double value = bytes; value >= 1024 && unit < UNITS.length - 1; value /= 1024) {
      unit++;
    }
    return unit;
  }

  private static String in(int unit, long bytes) {
    return unit == 0
        ? Long.toString(bytes)
        : String.format(Locale.ROOT, "%.1f", bytes / Math.pow(1024, unit));
  }

  static String bytes(long bytes) {
    return count(bytes, "byte", "bytes");
  }

  static String count(long number, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
  }
}

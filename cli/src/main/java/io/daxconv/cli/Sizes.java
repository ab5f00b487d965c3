package io.daxconv.cli;

import java.util.Locale;

/** Sizes as people read them: powers of 1024, one digit behind the point. */
final class Sizes {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Sizes() {}

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

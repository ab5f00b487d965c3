package io.daxconv.converter.layer;

import io.daxconv.converter.text.Escapes;
import java.nio.charset.StandardCharsets;

/**
 * A point in time as PAX writes it: decimal seconds since 1970, with a sign and a fraction if need
 * be.
 *
 * @param seconds rounded down
 * @param nanos 0 to 999,999,999; what is finer is cut off
 */
record PaxTime(long seconds, int nanos) {
  /** Bounded, so that no number of digits can cost much. */
  private static final int MOST_FRACTION_DIGITS = 40;

  static PaxTime parse(byte[] value) throws TarFormatException {
    int at = value.length > 0 && value[0] == '-' ? 1 : 0;
    boolean negative = at == 1;
    int first = at;
    long seconds = 0;
    while (at < value.length && isDigit(value[at]) && fits(seconds, value[at] - '0')) {
      seconds = 10 * seconds + value[at++] - '0';
    }
    boolean whole = at > first;
    int nanos = 0;
    boolean finer = false;
    if (at < value.length && value[at] == '.') {
      int point = at++;
      for (int scale = 100_000_000; at < value.length && isDigit(value[at]); scale /= 10) {
        nanos += scale * (value[at] - '0');
        finer |= scale == 0 && value[at] != '0';
        at++;
      }
      whole &= at - point <= 1 + MOST_FRACTION_DIGITS;
    }
    if (!whole || at < value.length) {
      throw new TarFormatException(
          "pax header, mtime: expected decimal seconds, found "
              + Escapes.quote(new String(value, StandardCharsets.ISO_8859_1)));
    }
    return negative ? before1970(seconds, nanos, finer) : new PaxTime(seconds, nanos);
  }

  /** Rounds down, which for these is away from zero. */
  private static PaxTime before1970(long seconds, int nanos, boolean finer) {
    int up = nanos + (finer ? 1 : 0);
    return up == 0 ? new PaxTime(-seconds, 0) : new PaxTime(-seconds - 1, 1_000_000_000 - up);
  }

  private static boolean fits(long seconds, int digit) {
    return seconds <= (Long.MAX_VALUE - digit) / 10;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}

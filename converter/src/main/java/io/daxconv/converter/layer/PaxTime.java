package io.daxconv.converter.layer;

import io.daxconv.converter.text.Escapes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A point in time as PAX writes it: decimal seconds since 1970, with a sign and a fraction if need
 * be.
 *
 * @param seconds rounded down
 * @param nanos 0 to 999,999,999; what is finer is cut off
 */
record PaxTime(long seconds, int nanos) {
  /** Bounded, so that no number of digits can cost much. */
  private static final Pattern FORM = Pattern.compile("-?[0-9]{1,19}(\\.[0-9]{0,40})?");

  static PaxTime parse(byte[] value) throws TarFormatException {
    String text = new String(value, StandardCharsets.ISO_8859_1);
    if (FORM.matcher(text).matches()) {
      BigDecimal time = new BigDecimal(text.endsWith(".") ? text + "0" : text);
      BigDecimal seconds = time.setScale(0, RoundingMode.FLOOR);
      int nanos = time.subtract(seconds).movePointRight(9).intValue();
      if (seconds.unscaledValue().bitLength() < Long.SIZE) {
        return new PaxTime(seconds.longValueExact(), nanos);
      }
    }
    throw new TarFormatException(
        "pax header, mtime: expected decimal seconds, found " + Escapes.quote(text));
  }
}

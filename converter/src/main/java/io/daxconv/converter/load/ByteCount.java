package io.daxconv.converter.load;

import io.daxconv.converter.text.Escapes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes or an address as users write it. */
public final class ByteCount {
  private static final Pattern PATTERN =
      Pattern.compile("(?:0[xX]([0-9a-fA-F]{1,16})|([0-9]{1,19}))([KMGT]?)");
  private static final String UNITS = "KMGT";

  private ByteCount() {}

  /**
   * Decimal or, after {@code 0x}, hexadecimal digits, with K, M, G or T for powers of 1024 behind
   * them.
   *
   * @param what begins the message if it is none
   * @throws IllegalArgumentException if it is none, or 2^63 or more
   */
  public static long parse(String what, String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (matcher.matches()) {
      try {
        long number =
            matcher.group(1) != null
                ? Long.parseLong(matcher.group(1), 16)
                : Long.parseLong(matcher.group(2));
        int power = matcher.group(3).isEmpty() ? 0 : UNITS.indexOf(matcher.group(3).charAt(0)) + 1;
        return Math.multiplyExact(number, 1L << (10 * power));
      } catch (ArithmeticException | NumberFormatException tooLarge) {
        throw new IllegalArgumentException(
            what + ": expected a number of bytes below 2^63, found " + Escapes.quote(text),
            tooLarge);
      }
    }
    throw new IllegalArgumentException(
        what + ": expected bytes such as 0x100000000 or 512M, found " + Escapes.quote(text));
  }
}

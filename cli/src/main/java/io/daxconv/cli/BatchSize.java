package io.daxconv.cli;

import io.daxconv.converter.source.Digest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a batch's options say of sizes and names. */
final class BatchSize {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12})([KMGT]?)");

  private BatchSize() {}

  /**
   * Bytes, with K, M, G or T times a power of 1024.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static long parse(String text) {
    Matcher amount = AMOUNT.matcher(text);
    if (!amount.matches()) {
      throw new IllegalArgumentException("expected bytes, or K, M, G or T of them, found " + text);
    }
    int unit = "KMGT".indexOf(amount.group(2)) + 1;
    try {
      return Math.multiplyExact(
          Long.parseLong(amount.group(1)), 1L << (amount.group(2).isEmpty() ? 0 : 10 * unit));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("expected fewer bytes, found " + text, e);
    }
  }

  /** The same few letters for the same text. */
  static String brief(String text) {
    return Digest.sha256(text.getBytes(StandardCharsets.UTF_8)).brief();
  }
}

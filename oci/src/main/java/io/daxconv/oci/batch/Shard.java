package io.daxconv.oci.batch;

import io.daxconv.converter.source.Digest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of N parts of a list, the same on every machine: an image is in the part whose index is the
 * first eight bytes of the SHA-256 of its reference (UTF-8, as the list has it), as an unsigned
 * big-endian number, modulo N.
 *
 * @param index 0 to {@code count - 1}
 * @param count how many parts there are
 */
public record Shard(int index, int count) {
  /** Everything. */
  public static final Shard WHOLE = new Shard(0, 1);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

  public Shard {
    if (count < 1 || index < 0 || index >= count) {
      throw new IllegalArgumentException(
          "shard: expected I/N with I from 0 to N-1, found " + index + "/" + count);
    }
  }

  /**
   * Reads {@code I/N}.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Shard parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("shard: expected I/N such as 0/4, found " + text);
    }
    return new Shard(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
  }

  /** Whether an image belongs to this part. */
  public boolean has(String image) {
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    byte[] start = Arrays.copyOf(hash.digest(image.getBytes(StandardCharsets.UTF_8)), Long.BYTES);
    return new BigInteger(1, start).mod(BigInteger.valueOf(count)).intValueExact() == index;
  }

  @Override
  public String toString() {
    return index + "/" + count;
  }
}

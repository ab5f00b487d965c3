package io.daxconv.converter.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Names from images are bytes and may hold anything. This is the one way they become text:
 * printable ASCII stands for itself, every other byte, the space and {@code %} stand as {@code
 * %XX}.
 */
public final class Escapes {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Escapes() {}

  /** These bytes as printable ASCII without spaces; {@link #unescape} turns them back. */
  public static String escape(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (b > ' ' && b < 0x7f && b != '%') {
        text.append((char) b);
      } else {
        text.append('%').append(HEX.toHexDigits(b));
      }
    }
    return text.toString();
  }

  /**
   * The bytes that {@link #escape} made this of.
   *
   * @throws IllegalArgumentException if a {@code %} is not followed by two hexadecimal digits, or a
   *     character is not ASCII
   */
  public static byte[] unescape(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0x7e) {
        throw new IllegalArgumentException("not printable ASCII at " + i);
      }
      if (c != '%') {
        bytes.write(c);
      } else if (i + 2 < text.length()) {
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else {
        throw new IllegalArgumentException("cut short at " + i);
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Text that somebody else wrote, in double quotes and safe for a terminal: at most 200
   * characters, everything but printable ASCII escaped.
   */
  public static String quote(String text) {
    boolean longer = text.length() > 200;
    String shown = longer ? text.substring(0, 200) : text;
    StringBuilder safe = new StringBuilder("\"");
    for (byte b : shown.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b < 0x7f) {
        safe.append((char) b);
      } else {
        safe.append('%').append(HEX.toHexDigits(b));
      }
    }
    return safe.append(longer ? "…\"" : "\"").toString();
  }
}

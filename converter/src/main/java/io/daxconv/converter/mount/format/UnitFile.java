package io.daxconv.converter.mount.format;

import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.text.Escapes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Text of a systemd unit (systemd.syntax(7)), and the names of units (systemd.unit(5)). */
final class UnitFile {
  /** systemd, unit-name.h, UNIT_NAME_MAX: 256 with the NUL. */
  private static final int LONGEST_NAME = 255;

  private static final HexFormat HEX = HexFormat.of();

  private final StringBuilder text = new StringBuilder();

  UnitFile comment(String line) {
    text.append("# ").append(line).append('\n');
    return this;
  }

  UnitFile section(String name) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append('[').append(name).append("]\n");
    return this;
  }

  /** A line, its value being as it is to stand there. */
  UnitFile line(String key, String value) {
    text.append(key).append('=').append(value).append('\n');
    return this;
  }

  String text() {
    return text.toString();
  }

  /**
   * The name of the mount unit for a directory, as {@code systemd-escape --path} makes it (String
   * Escaping for Inclusion in Unit Names): {@code /} becomes {@code -}, and every byte but ASCII
   * letters, digits, {@code :}, {@code _} and {@code .} becomes {@code \xNN}.
   *
   * @param path absolute, without {@code .} and {@code ..}
   * @throws MountPlanException if the name is longer than names of units can be
   */
  static String mountUnit(SpecFormat format, String path) throws MountPlanException {
    StringBuilder name = new StringBuilder();
    byte[] bytes =
        path.replaceAll("/+", "/").replaceFirst("^/", "").getBytes(StandardCharsets.UTF_8);
    for (byte b : bytes) {
      if (b == '/') {
        name.append('-');
      } else if (isPlain(b) && !(b == '.' && name.isEmpty())) {
        name.append((char) b);
      } else {
        name.append("\\x").append(HEX.toHexDigits(b));
      }
    }
    String unit = name.append(".mount").toString();
    if (unit.length() > LONGEST_NAME) {
      throw new MountPlanException(
          "format %s: expected a path whose unit has a name of at most %d characters, found %d for %s"
              .formatted(format, LONGEST_NAME, unit.length(), Escapes.quote(path)));
    }
    return unit;
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == ':'
        || b == '_'
        || b == '.';
  }

  /** A value that is read to the end of its line: only specifiers ({@code %}) are special. */
  static String value(String text) {
    return text.replace("%", "%%");
  }

  /**
   * One word of a list, in double quotes, in which backslash escapes are read as in C
   * (systemd.syntax(7), Quoting); specifiers are escaped too.
   */
  static String word(String text) {
    StringBuilder word = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> word.append('\\').append(c);
        case '%' -> word.append("%%");
        case '\n' -> word.append("\\n");
        case '\t' -> word.append("\\t");
        case '\r' -> word.append("\\r");
        default -> {
          if (c < ' ' || c == 0x7f) {
            word.append("\\x").append(HEX.toHexDigits((byte) c));
          } else {
            word.append(c);
          }
        }
      }
    }
    return word.append('"').toString();
  }

  /** The same in a command line, where {@code $} stands for a variable unless it is doubled. */
  static String argument(String text) {
    return word(text).replace("$", "$$");
  }
}

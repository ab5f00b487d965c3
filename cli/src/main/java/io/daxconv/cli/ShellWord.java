package io.daxconv.cli;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Text that can be pasted into a shell as one word, and that {@link ErrorLine#ofUser} leaves as it
 * is. What it would not show is written as octal escapes in {@code $'...'}, which bash, zsh, ksh
 * and POSIX.1-2024 have.
 */
final class ShellWord {
  private ShellWord() {}

  static String quote(String text) {
    // zsh takes a word that starts with = for the path of a command.
    if (text.matches("[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*")) {
      return text;
    }
    return text.codePoints().allMatch(ErrorLine::isShown)
        ? "'" + text.replace("'", "'\\''") + "'"
        : escaped(text);
  }

  /** The name of a file as an argument that cannot be taken for an option. */
  static String file(String name) {
    return quote(name.startsWith("-") ? "./" + name : name);
  }

  private static String escaped(String text) {
    StringBuilder word = new StringBuilder("$'");
    text.codePoints()
        .forEach(
            c -> {
              // The history of an interactive bash would take the exclamation mark.
              if (ErrorLine.isShown(c) && c != '\'' && c != '\\' && c != '!') {
                word.appendCodePoint(c);
              } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                  word.append(String.format(Locale.ROOT, "\\%03o", b & 0xff));
                }
              }
            });
    return word.append("'").toString();
  }
}

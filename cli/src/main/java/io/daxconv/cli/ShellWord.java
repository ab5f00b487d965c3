package io.daxconv.cli;

/** Text that can be pasted into a shell as one word. */
final class ShellWord {
  private ShellWord() {}

  static String quote(String text) {
    return text.matches("[A-Za-z0-9_@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}

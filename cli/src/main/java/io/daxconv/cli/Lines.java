package io.daxconv.cli;

import java.io.PrintStream;

/** Results for people: a heading, and below it names with values, each on one line. */
final class Lines {
  private static final int NAME_WIDTH = 11;

  private final PrintStream out;

  Lines(PrintStream out) {
    this.out = out;
  }

  /** A line that names the file as the user did. */
  void heading(String text) {
    out.println(ErrorLine.ofUser(text));
  }

  /** A value that may come from an image. */
  void field(String name, String value) {
    print(name, ErrorLine.oneLine(value));
  }

  /** A value with a command that names the file as the user did. */
  void command(String name, String value) {
    print(name, ErrorLine.ofUser(value));
  }

  private void print(String name, String value) {
    out.println("  " + name + " ".repeat(Math.max(1, NAME_WIDTH - name.length())) + value);
  }
}

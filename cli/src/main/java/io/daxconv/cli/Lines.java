package io.daxconv.cli;

import java.io.PrintStream;

/** Results for people: a heading, and below it names with values, each on one line. */
final class Lines {
  private static final int NAME_WIDTH = 11;

  private final PrintStream out;

  Lines(PrintStream out) {
    this.out = out;
  }

  void heading(String text) {
    out.println(ErrorLine.oneLine(text));
  }

  void field(String name, String value) {
    out.println(
        "  "
            + name
            + " ".repeat(Math.max(1, NAME_WIDTH - name.length()))
            + ErrorLine.oneLine(value));
  }
}

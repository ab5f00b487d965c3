package io.daxconv.cli;

import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Lines that hold names from an image: escaped and ended by a newline, or as they are and ended by
 * a NUL, which no name has.
 */
final class NamesOut {
  /** How many lines there are between two looks at whether anybody still reads them. */
  private static final int LINES = 4096;

  private final PrintStream out;
  private final boolean raw;
  private int lines;

  NamesOut(PrintStream out, boolean raw) {
    this.out = out;
    this.raw = raw;
  }

  /** Prints a text of our own. */
  NamesOut text(String text) {
    out.print(text);
    return this;
  }

  /** Prints a name or a path. */
  NamesOut name(byte[] name) {
    byte[] shown = raw ? name : Escapes.escape(name).getBytes(StandardCharsets.US_ASCII);
    out.write(shown, 0, shown.length);
    return this;
  }

  /**
   * Ends the line.
   *
   * @throws IOException if nobody reads the output any more
   */
  void end() throws IOException {
    out.write(raw ? 0 : '\n');
    if (++lines % LINES == 0) {
      UnwrittenException.check(out);
    }
  }
}

package io.daxconv.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lines at the end of a terminal that are redrawn in place. The cursor stands below them, so that
 * what the terminal echoes, such as {@code ^C}, does not make one of them longer. Each change is
 * one write. The control sequences are those of ECMA-48: CUU (cursor up), EL and ED (erase to the
 * end of the line, of the page).
 */
final class LiveBlock implements AutoCloseable {
  private static final String ERASE_LINE = "\033[K";
  private static final String ERASE_BELOW = "\033[J";

  /** The cursor's line, and one of what came before. */
  private static final int ROWS_KEPT = 2;

  private final PrintStream err;
  private final Supplier<Screen> screen;
  private List<String> drawn = List.of();
  private boolean closed;

  LiveBlock(PrintStream err, Supplier<Screen> screen) {
    this.err = err;
    this.screen = screen;
  }

  /** Draws these lines where the earlier ones were, cut to what the terminal holds. */
  synchronized void draw(List<String> lines) {
    if (!closed) {
      print("", lines);
    }
  }

  /** Prints a line that stays, above the others. */
  synchronized void above(String line, List<String> lines) {
    if (closed) {
      err.println(line);
    } else {
      print(line + ERASE_LINE + "\n", lines);
    }
  }

  /** Erases the lines; nothing is drawn from now on. */
  @Override
  public synchronized void close() {
    if (!closed) {
      print("", List.of());
      closed = true;
    }
  }

  private void print(String above, List<String> lines) {
    Screen now = screen.get();
    List<String> fitting = fitting(lines, now);
    StringBuilder text = new StringBuilder("\r");
    int up = rows(drawn, now.columns());
    if (up > 0) {
      text.append("\033[").append(up).append('A');
    }
    text.append(above);
    fitting.forEach(line -> text.append(line).append(ERASE_LINE).append('\n'));
    err.print(text.append(ERASE_BELOW));
    err.flush();
    drawn = fitting;
  }

  /** A terminal that was made narrower has wrapped the lines that it showed. */
  private static int rows(List<String> lines, int columns) {
    return lines.stream().mapToInt(line -> Math.max(1, Math.ceilDiv(line.length(), columns))).sum();
  }

  private static List<String> fitting(List<String> lines, Screen screen) {
    int most = Math.max(1, screen.rows() - ROWS_KEPT);
    List<String> fitting = new ArrayList<>();
    for (String line : lines.subList(0, Math.min(lines.size(), most))) {
      fitting.add(cut(line, screen));
    }
    if (lines.size() > most) {
      fitting.set(most - 1, cut("and " + (lines.size() - most + 1) + " more", screen));
    }
    return fitting;
  }

  /** The last column stays free: some terminals wrap as soon as it is written. */
  private static String cut(String line, Screen screen) {
    return line.substring(0, Math.min(line.length(), Math.max(0, screen.columns() - 1)));
  }
}

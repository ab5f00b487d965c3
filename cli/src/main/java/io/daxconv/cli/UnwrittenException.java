package io.daxconv.cli;

import java.io.IOException;
import java.io.PrintStream;

/**
 * Standard output cannot be written, so that there is no use in going on. Its {@link PrintStream}
 * knows it too, and {@link Main} tells it at the end.
 */
final class UnwrittenException extends IOException {
  private static final long serialVersionUID = 1;
  static final String MESSAGE = "standard output: cannot be written";

  private UnwrittenException() {
    super(MESSAGE);
  }

  /** Flushes results, and fails if they do not get anywhere. */
  static void check(PrintStream out) throws UnwrittenException {
    if (out.checkError()) {
      throw new UnwrittenException();
    }
  }
}

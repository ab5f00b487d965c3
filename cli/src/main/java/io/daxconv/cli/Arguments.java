package io.daxconv.cli;

import java.io.PrintWriter;

/** The arguments as Java hands them over: bytes that are no text have become U+FFFD. */
final class Arguments {
  private static final char REPLACEMENT = '\ufffd';

  private Arguments() {}

  /** Whether all can be taken; one that cannot would name another file than was meant. */
  static boolean areText(String[] args, PrintWriter err) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].indexOf(REPLACEMENT) >= 0) {
        err.println(
            "daxconv: argument "
                + (i + 1)
                + ": expected UTF-8 in a locale that has it, found other bytes in "
                + ErrorLine.ofUser(args[i]));
        return false;
      }
    }
    return true;
  }
}

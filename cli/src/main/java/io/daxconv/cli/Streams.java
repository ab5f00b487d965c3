package io.daxconv.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a command reads from and writes to.
 *
 * @param out results
 * @param isUnread whether nobody can read any more what is written to {@code out}
 * @param err progress and errors
 * @param in for {@code tar:-} and {@code --creds-stdin}; takes no more bytes than it is asked for
 * @param environment the environment variables
 * @param screen how large the terminal on standard error is at the moment, on which progress is
 *     redrawn in place; null where standard error is none
 */
record Streams(
    PrintStream out,
    BooleanSupplier isUnread,
    PrintStream err,
    InputStream in,
    Map<String, String> environment,
    @Nullable Supplier<Screen> screen) {

  /** Asks for a password where somebody can answer; else there is none. */
  String askPassword() {
    Console console = screen != null ? System.console() : null;
    char[] password =
        console == null || !console.isTerminal() ? null : console.readPassword("Password: ");
    return password == null ? "" : new String(password);
  }
}

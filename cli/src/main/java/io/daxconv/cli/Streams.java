package io.daxconv.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command reads from and writes to.
 *
 * @param out results
 * @param err progress and errors
 * @param in for {@code tar:-} and {@code --creds-stdin}
 * @param environment the environment variables
 * @param errIsTerminal whether progress may be redrawn in place
 */
record Streams(
    PrintStream out,
    PrintStream err,
    InputStream in,
    Map<String, String> environment,
    boolean errIsTerminal) {

  /** Asks for a password where somebody can answer; else there is none. */
  String askPassword() {
    Console console = errIsTerminal ? System.console() : null;
    char[] password =
        console == null || !console.isTerminal() ? null : console.readPassword("Password: ");
    return password == null ? "" : new String(password);
  }
}

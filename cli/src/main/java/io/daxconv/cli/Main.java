package io.daxconv.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/** The program. Exit codes: 0 done, 1 failed or findings, 2 misuse, 130 interrupted. */
public final class Main {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int MISUSE = 2;

  private Main() {}

  /** Runs the program and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    Streams streams =
        new Streams(out, err, System.in, System.getenv(), Terminal.isStandardErrorTerminal());
    int exit = run(streams, args);
    out.flush();
    System.exit(out.checkError() && exit == DONE ? FAILED : exit);
  }

  /** Runs one command line; progress comes in plain lines. */
  public static int run(
      PrintStream out,
      PrintStream err,
      InputStream in,
      Map<String, String> environment,
      String... args) {
    return run(new Streams(out, err, in, environment, false), args);
  }

  private static int run(Streams streams, String... args) {
    return new CommandLine(new Daxconv(), new CommandFactory(streams))
        .setOut(writer(streams.out()))
        .setErr(writer(streams.err()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new MisuseLine())
        .setExecutionExceptionHandler(new ErrorLine())
        .execute(args);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}

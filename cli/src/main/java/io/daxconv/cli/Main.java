package io.daxconv.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/**
 * The program. Exit codes: 0 done, 1 failed or findings, 2 misuse, 130 interrupted, 141 nobody
 * reads standard output any more, 143 terminated.
 */
public final class Main {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int MISUSE = 2;

  /** How a shell tells that a program ended by SIGPIPE, which Java ignores: 128 + 13. */
  static final int UNREAD = 141;

  private Main() {}

  /** Runs the program and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    // System.in would take more than the line of --creds-stdin.
    InputStream in = new FileInputStream(FileDescriptor.in);
    Map<String, String> environment = System.getenv();
    System.exit(
        run(
            new Streams(
                StandardOutput.open(),
                StandardOutput::isUnread,
                err,
                in,
                environment,
                Terminal.onStandardError(environment)),
            args));
  }

  /** Runs one command line; progress comes in plain lines. */
  public static int run(
      PrintStream out,
      PrintStream err,
      InputStream in,
      Map<String, String> environment,
      String... args) {
    return run(new Streams(out, () -> false, err, in, environment, null), args);
  }

  private static int run(Streams streams, String... args) {
    Daxconv program = new Daxconv();
    return run(Commands.of(program, streams, args), program, streams, args);
  }

  /** Runs one command line by a program that knows its commands already. */
  static int run(CommandLine command, Daxconv program, Streams streams, String... args) {
    PrintWriter err = writer(streams.err());
    ErrorLine errors = new ErrorLine(program, streams.out());
    int exit;
    try {
      exit =
          Arguments.areText(args, err)
              ? command
                  .setOut(writer(streams.out()))
                  .setErr(err)
                  .setExpandAtFiles(false)
                  .setCaseInsensitiveEnumValuesAllowed(true)
                  .setParameterExceptionHandler(new MisuseLine())
                  .setExecutionExceptionHandler(errors)
                  .execute(args)
              : MISUSE;
    } catch (Throwable e) {
      exit = errors.print(e, err);
    }
    if (!streams.out().checkError()) {
      return exit;
    }
    if (streams.isUnread().getAsBoolean()) {
      return UNREAD;
    }
    err.println("daxconv: " + UnwrittenException.MESSAGE);
    return FAILED;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}

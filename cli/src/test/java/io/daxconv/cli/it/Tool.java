package io.daxconv.cli.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs that tests are made with. */
final class Tool {
  private static final long MOST_MINUTES = 5;

  private Tool() {}

  /** Runs a program to its end; what it printed, errors too, unless it fails. */
  static String run(Path directory, String... argv) throws IOException, InterruptedException {
    Outcome outcome = outcome(directory, argv);
    if (outcome.exit != 0) {
      throw new IOException(List.of(argv) + ": exit code " + outcome.exit + ": " + outcome.output);
    }
    return outcome.output;
  }

  /** How a program ended, and what it printed, errors too. */
  record Outcome(int exit, String output) {}

  /** Runs a program to its end, whichever that is. */
  static Outcome outcome(Path directory, String... argv) throws IOException, InterruptedException {
    Path output = Files.createTempFile("daxconv-test", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
        throw new IOException(List.of(argv) + ": not done after " + MOST_MINUTES + " minutes");
      }
      byte[] printed = Files.readAllBytes(output);
      return new Outcome(process.exitValue(), new String(printed, StandardCharsets.UTF_8));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}

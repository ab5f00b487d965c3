package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The program, run inside the test.
 *
 * @param exit its exit code
 * @param out what it printed
 * @param err progress and errors
 */
record Daxconv(int exit, String out, String err) {

  /** Runs one command line, with a home directory that only the test has. */
  static Daxconv run(Path home, String... args) throws IOException {
    return run(home, InputStream.nullInputStream(), args);
  }

  /** The same, with something on standard input. */
  static Daxconv run(Path home, InputStream in, String... args) throws IOException {
    Files.createDirectories(home);
    return run(Map.of("HOME", home.toString()), in, args);
  }

  /** The same, with an environment of its own. */
  static Daxconv run(Map<String, String> environment, InputStream in, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (PrintStream printOut = new PrintStream(out, false, StandardCharsets.UTF_8);
        PrintStream printErr = new PrintStream(err, false, StandardCharsets.UTF_8)) {
      int exit = Main.run(printOut, printErr, in, environment, args);
      printOut.flush();
      printErr.flush();
      return new Daxconv(
          exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
  }

  /** What it printed, if it did what it was asked to. */
  String output() {
    assertThat(exit).as("%s%n%s", err, out).isZero();
    return out;
  }

  List<String> lines() {
    return output().lines().toList();
  }
}

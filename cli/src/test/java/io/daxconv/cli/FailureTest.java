package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** How the program ends when something is wrong that is not the image. */
class FailureTest {
  private static final String HELLO = "oci:../examples/hello-image";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  private int run(OutputStream out, InputStream in, String... args) {
    return Main.run(
        new PrintStream(out, false, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        in,
        Map.of("HOME", directory.toString()),
        args);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private int runFailing(Throwable failure, String... args) {
    Daxconv program = new Daxconv();
    Streams streams =
        new Streams(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            () -> false,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            InputStream.nullInputStream(),
            Map.of(),
            null);
    CommandLine command = new CommandLine(program, new CommandFactory(streams));
    command.setExecutionStrategy(
        parsed -> {
          if (failure instanceof Error error) {
            throw error;
          }
          throw new CommandLine.ExecutionException(command, "command", failure);
        });
    return Main.run(command, program, streams, args);
  }

  @Test
  void outOfMemoryIsOneLineThatSaysWhatHelps() {
    assertThat(runFailing(new OutOfMemoryError("Java heap space"))).isOne();
    assertThat(err())
        .matches(
            "daxconv: out of memory: Java heap space, give Java more with"
                + " JAVA_TOOL_OPTIONS=-Xmx[0-9]+m\n");
  }

  @Test
  void outOfMemoryInAnotherThreadIsToldAlike() {
    assertThat(runFailing(new IllegalStateException(new OutOfMemoryError("x")))).isOne();
    assertThat(err()).startsWith("daxconv: out of memory: x, ").hasLineCount(1);
  }

  @Test
  void anyErrorIsOneLine() {
    assertThat(runFailing(new StackOverflowError())).isOne();
    assertThat(err())
        .isEqualTo(
            "daxconv: internal error, please report it with the output of --verbose:"
                + " java.lang.StackOverflowError\n");
  }

  @Test
  void outputThatCannotBeWrittenIsTold() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    assertThat(run(full, InputStream.nullInputStream(), "--version")).isOne();
    assertThat(err()).isEqualTo("daxconv: standard output: cannot be written\n");
  }

  @Test
  void undecodableArgumentsAreRefused() {
    assertThat(run(out, InputStream.nullInputStream(), "verify", "a\ufffdb")).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            "daxconv: argument 2: expected UTF-8 in a locale that has it,"
                + " found other bytes in a%EF%BF%BDb\n");
  }

  @Test
  void onlyTheLineWithTheCredentialsIsTakenFromStandardInput() {
    InputStream in = new ByteArrayInputStream("me:secret\r\nrest".getBytes(StandardCharsets.UTF_8));

    assertThat(run(out, in, "convert", HELLO, "-q", "-o", directory + "/x.daxfs", "--creds-stdin"))
        .as(err())
        .isZero();
    assertThat(in).hasContent("rest");
  }

  @Test
  void credentialsWithoutAUserAreMisuse() {
    for (String line : new String[] {"", "\n", ":secret\n"}) {
      InputStream in = new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8));
      assertThat(run(out, in, "convert", HELLO, "-o", "x", "--creds-stdin")).isEqualTo(2);
    }
    assertThat(err())
        .hasLineCount(3)
        .startsWith("daxconv: --creds-stdin: expected USER[:PASS], found no user; see ");
  }

  @Test
  void emptyNamesAreMisuse() {
    assertThat(run(out, InputStream.nullInputStream(), "convert", HELLO, "-o", "")).isEqualTo(2);
    assertThat(run(out, InputStream.nullInputStream(), "verify", "")).isEqualTo(2);
    assertThat(err())
        .hasLineCount(2)
        .contains("--output: expected the name of a file, found an empty one;")
        .contains(": expected a file that can be read, found an empty name;");
  }

  @Test
  void lettersOfTheUsersFileNamesAreShownAndControlsAreNot() {
    assertThat(run(out, InputStream.nullInputStream(), "verify", "/größe\u001b")).isEqualTo(2);
    assertThat(err()).startsWith("daxconv: /größe%1B: expected a file");
  }
}

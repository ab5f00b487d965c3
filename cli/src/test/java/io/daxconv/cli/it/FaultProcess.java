package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own, by the options with which the launcher starts it. */
final class FaultProcess implements AutoCloseable {
  private static final long MOST_SECONDS = 60;

  private final Process process;
  private final Path err;

  private FaultProcess(Process process, Path err) {
    this.process = process;
    this.err = err;
  }

  /**
   * Starts it.
   *
   * @param home its home directory, where its standard error goes too
   */
  static FaultProcess start(Path home, String... args) throws IOException {
    return start(Map.of(), home, args);
  }

  /** The same, run by another program. */
  static FaultProcess startBy(List<String> program, Path home, String... args) throws IOException {
    return start(program, Map.of(), home, args);
  }

  /** The same, with more in its environment. */
  static FaultProcess start(Map<String, String> environment, Path home, String... args)
      throws IOException {
    return start(List.of(), environment, home, args);
  }

  private static FaultProcess start(
      List<String> program, Map<String, String> environment, Path home, String... args)
      throws IOException {
    Files.createDirectories(home);
    String basedir = System.getProperty("basedir", "");
    List<String> command = new ArrayList<>(program);
    // A shell may have started the tests with SIGINT ignored, which Java would leave so.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of(basedir).toAbsolutePath().resolve("src/main/aot/java.options"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("io.daxconv.cli.Main");
    command.addAll(List.of(args));
    Path err = Files.createTempFile(home, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile());
    builder.environment().put("HOME", home.toString());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(environment);
    return new FaultProcess(builder.start(), err);
  }

  OutputStream standardInput() {
    return process.getOutputStream();
  }

  /** Waits until something is so while the program runs. */
  void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!condition.call()) {
      assertThat(process.isAlive()).as("running: %s", Files.readString(err)).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  /** Kills it with no chance to do anything, unless it ends before. */
  void killAfter(Duration delay) throws InterruptedException {
    if (!process.waitFor(delay.toNanos(), TimeUnit.NANOSECONDS)) {
      process.destroyForcibly();
    }
    process.waitFor();
  }

  /** Kills it like this as soon as something is so, unless it ends before. */
  void killWhen(Callable<Boolean> condition) throws Exception {
    while (process.isAlive() && !condition.call()) {
      Thread.onSpinWait();
    }
    process.destroyForcibly();
    process.waitFor();
  }

  /** Sends a signal by its name. */
  void signal(String name) throws IOException, InterruptedException {
    Tool.run(Path.of("/"), "sh", "-c", "kill -" + name + " " + process.pid());
  }

  /** Waits for its end; its exit code. */
  int exit() throws InterruptedException {
    assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

package io.daxconv.cli.it.vm;

import io.daxconv.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Carries out steps inside a guest, all in one JVM, and prints what came of each. */
public final class GuestSession {
  private static final String BEGIN = "@@begin";
  private static final String END = "@@end";

  private GuestSession() {}

  /**
   * One thing to do: {@code daxconv} and its arguments, {@code sh} and a script, {@code dma-heap}
   * with a heap and an image.
   */
  public record Step(List<String> words) {
    public Step {
      words = List.copyOf(words);
    }

    public static Step daxconv(String... arguments) {
      List<String> words = new ArrayList<>(List.of("daxconv"));
      words.addAll(Arrays.asList(arguments));
      return new Step(words);
    }

    public static Step sh(String script) {
      return new Step(List.of("sh", script));
    }
  }

  /**
   * What came of a step.
   *
   * @param exit the exit code
   * @param output what was printed, errors last
   */
  public record Outcome(int exit, String output) {}

  /** Steps as the guest reads them: a line each, words apart by tabs. */
  static void write(Path file, List<Step> steps) throws IOException {
    Files.write(file, steps.stream().map(step -> String.join("\t", step.words)).toList());
  }

  /** Reads what a session printed; as many as were begun and ended. */
  static List<Outcome> read(String results) {
    List<Outcome> outcomes = new ArrayList<>();
    StringBuilder output = new StringBuilder();
    for (String line : results.lines().toList()) {
      if (line.equals(BEGIN)) {
        output.setLength(0);
      } else if (line.startsWith(END)) {
        outcomes.add(
            new Outcome(Integer.parseInt(line.substring(END.length()).strip()), output.toString()));
      } else {
        output.append(line).append('\n');
      }
    }
    return outcomes;
  }

  /**
   * Runs in the guest.
   *
   * @param args the file of steps, and the one to print to
   */
  public static void main(String[] args) throws Exception {
    try (PrintStream results =
        new PrintStream(Files.newOutputStream(Path.of(args[1])), true, StandardCharsets.UTF_8)) {
      for (String line : Files.readAllLines(Path.of(args[0]))) {
        results.println(BEGIN);
        Outcome outcome = run(List.of(line.split("\t", -1)));
        results.println(outcome.output.stripTrailing());
        results.println(END + " " + outcome.exit);
      }
    }
  }

  private static Outcome run(List<String> words) {
    List<String> arguments = words.subList(1, words.size());
    try {
      return switch (words.getFirst()) {
        case "daxconv" -> daxconv(arguments);
        case "sh" -> shell(arguments.getFirst());
        case "dma-heap" -> new Outcome(0, probe(arguments.get(0), arguments.get(1)));
        default -> new Outcome(-1, "no such step: " + words);
      };
    } catch (Exception e) {
      return new Outcome(-1, e + " " + e.getCause());
    }
  }

  /** By its name: the compiler has the package of another module, which the probe is in. */
  private static String probe(String heap, String image) throws ReflectiveOperationException {
    return (String)
        Class.forName("io.daxconv.converter.load.DmaHeapProbe")
            .getMethod("fill", Path.class, Path.class)
            .invoke(null, Path.of(heap), Path.of(image));
  }

  private static Outcome daxconv(List<String> arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            InputStream.nullInputStream(),
            Map.of("HOME", "/tmp"),
            arguments.toArray(String[]::new));
    return new Outcome(
        exit, out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8));
  }

  private static Outcome shell(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("/bin/busybox", "sh", "-c", script).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }
}

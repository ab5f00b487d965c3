package io.daxconv.cli.it.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the host that guests are made with. */
final class Command {
  private Command() {}

  /** Runs one to its end; what it printed, unless it fails. */
  static String run(Path directory, String... argv) throws IOException, InterruptedException {
    Path output = Files.createTempFile("daxconv-vm", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        throw new IOException(List.of(argv) + ": not done after 5 minutes");
      }
      String printed = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new IOException(
            List.of(argv) + ": exit code " + process.exitValue() + ": " + printed);
      }
      return printed;
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}

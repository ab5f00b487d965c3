package io.daxconv.cli.it.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Unpacks layouts with umoci, a flattener that shares no code with daxconv. */
public final class Umoci {
  private static final int MOST_SECONDS = 60;

  private Umoci() {}

  /** Unpacks a layout into a directory; its error in one line, empty if there is none. */
  public static String unpack(Path layout, Path rootfs) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "umoci", "raw", "unpack", "--image", layout + ":latest", rootfs.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("umoci is not done after " + MOST_SECONDS + " s: " + layout);
    }
    if (process.exitValue() == 0) {
      return "";
    }
    String last = printed.strip().lines().reduce("", (first, second) -> second).strip();
    return "exit code %d: %s".formatted(process.exitValue(), last);
  }
}

package io.daxconv.converter.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.function.Executable;

/** Ends what hangs. */
final class Bounded {
  /** An input of some kilobytes takes milliseconds; a machine that is busy may stop for long. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private Bounded() {}

  static void run(Executable target) {
    assertTimeoutPreemptively(LONGEST, target);
  }
}

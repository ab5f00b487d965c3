package io.daxconv.converter.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.function.Executable;

/** Ends what hangs. */
final class Bounded {
  /** No input of some kilobytes takes a tenth of this, also on a busy machine. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private Bounded() {}

  static void run(Executable target) {
    assertTimeoutPreemptively(LONGEST, target);
  }
}

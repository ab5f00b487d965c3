package io.daxconv.oci.registry;

import io.daxconv.oci.SourceOptions;
import java.time.Duration;

/**
 * How long a silent registry is waited for.
 *
 * @param connect until there is a connection
 * @param headers from the request to the answer's headers
 * @param stall between two pieces of a body
 */
record Timeouts(Duration connect, Duration headers, Duration stall) {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

  static final Timeouts DEFAULT = of(SourceOptions.TIMEOUT);

  /** The same time for all, but connections come soon or not at all. */
  static Timeouts of(Duration silence) {
    boolean shorter = silence.compareTo(LONGEST_CONNECT) < 0;
    return new Timeouts(shorter ? silence : LONGEST_CONNECT, silence, silence);
  }
}

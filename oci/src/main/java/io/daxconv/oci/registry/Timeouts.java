package io.daxconv.oci.registry;

import java.time.Duration;

/**
 * How long a silent registry is waited for.
 *
 * @param connect until there is a connection
 * @param headers from the request to the answer's headers
 * @param stall between two pieces of a body
 */
record Timeouts(Duration connect, Duration headers, Duration stall) {
  static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60));
}

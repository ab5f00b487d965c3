package io.daxconv.oci;

import java.time.Duration;

/**
 * How often a request is made again that failed in a way that may pass.
 *
 * @param times how often at most, one after another without progress; 0 for not at all
 * @param delay about how long is waited before the first time; twice as long before each next, up
 *     to {@link #LONGEST_WAIT}
 */
public record RetryPolicy(int times, Duration delay) {
  /** No wait is longer; a registry that asks for more ({@code Retry-After}) is not waited for. */
  public static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  /** Three times within about seven seconds, in which a registry can be started anew. */
  public static final RetryPolicy DEFAULT = new RetryPolicy(3, Duration.ofSeconds(1));

  public RetryPolicy {
    if (times < 0) {
      throw new IllegalArgumentException("retries: expected 0 or more, found " + times);
    }
    if (delay.isNegative() || delay.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException(
          "delay between retries: expected at most %d s, found %s"
              .formatted(LONGEST_WAIT.toSeconds(), delay));
    }
  }
}

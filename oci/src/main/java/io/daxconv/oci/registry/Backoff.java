package io.daxconv.oci.registry;

import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes requests again that failed in a way that may pass, at growing distances. */
final class Backoff {
  /** Who got this much was not just refused: a long download may be cut off any number of times. */
  static final long PROGRESS = 1 << 16;

  private final RetryPolicy policy;
  private final RandomGenerator random;
  private final Consumer<String> listener;

  /**
   * @param listener hears why there is another try
   */
  Backoff(RetryPolicy policy, RandomGenerator random, Consumer<String> listener) {
    this.policy = policy;
    this.random = random;
    this.listener = listener;
  }

  /** Something that can be done again, from its start or from where it broke off. */
  @FunctionalInterface
  interface Attempt<T extends @Nullable Object> {
    T make() throws IOException;
  }

  <T extends @Nullable Object> T run(Attempt<T> attempt) throws IOException {
    return run(attempt, () -> 0);
  }

  /**
   * Tries something that gets further with every try.
   *
   * @param progress how far it is; the tries are counted anew when it has come further
   */
  <T extends @Nullable Object> T run(Attempt<T> attempt, LongSupplier progress) throws IOException {
    long before = progress.getAsLong();
    for (int failures = 1; ; failures++) {
      try {
        return attempt.make();
      } catch (RegistryException e) {
        long now = progress.getAsLong();
        if (now - before >= PROGRESS) {
          failures = 1;
        }
        before = now;
        Duration asked = e.retryAfter();
        if (!e.temporary()
            || failures > policy.times()
            || (asked != null && asked.compareTo(RetryPolicy.LONGEST_WAIT) > 0)) {
          throw e;
        }
        listener.accept(e.getMessage());
        pause(failures, asked);
      }
    }
  }

  /** Spread, so that clients that failed together do not come back together. */
  private void pause(int failures, @Nullable Duration asked) throws InterruptedIOException {
    double spread = 0.5 + random.nextDouble();
    double longest = RetryPolicy.LONGEST_WAIT.toSeconds() * 1000.0;
    long own =
        (long) Math.min(longest, policy.delay().toMillis() * Math.scalb(spread, failures - 1));
    // Sooner than asked is never right; all at the very moment is not either.
    long millis = asked == null ? own : asked.toMillis() + Math.min(1000, own);
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}

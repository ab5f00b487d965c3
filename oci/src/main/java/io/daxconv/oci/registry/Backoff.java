package io.daxconv.oci.registry;

import io.daxconv.oci.RegistryException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Makes requests again that failed in a way that may pass, at growing distances. */
final class Backoff {
  private static final int TRIES = 3;

  private final Duration first;
  private final RandomGenerator random;
  private final Consumer<String> listener;

  /**
   * @param first about how long is waited before the second try; the next is twice as long
   * @param listener hears why there is another try
   */
  Backoff(Duration first, RandomGenerator random, Consumer<String> listener) {
    this.first = first;
    this.random = random;
    this.listener = listener;
  }

  /** Something that can be done again from its start. */
  @FunctionalInterface
  interface Attempt<T> {
    T make() throws IOException;
  }

  <T> T run(Attempt<T> attempt) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return attempt.make();
      } catch (RegistryException e) {
        if (!e.temporary() || tries == TRIES) {
          throw e;
        }
        listener.accept(e.getMessage());
        pause(tries);
      }
    }
  }

  /** Spread, so that clients that failed together do not come back together. */
  private void pause(int tries) throws InterruptedIOException {
    double spread = 0.5 + random.nextDouble();
    try {
      Thread.sleep((long) (first.toMillis() * (1 << (tries - 1)) * spread));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}

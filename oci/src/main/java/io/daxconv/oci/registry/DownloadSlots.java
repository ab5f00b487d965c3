package io.daxconv.oci.registry;

import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests for blobs may be under way at once. Each blob takes one; what no blob waits for
 * can be had for further parts of one.
 */
final class DownloadSlots {
  private final Semaphore free;
  private final AtomicInteger waiting = new AtomicInteger();

  DownloadSlots(int atOnce) {
    this.free = new Semaphore(atOnce, true);
  }

  /** There will be a blob that {@linkplain #take takes} one. */
  void announce() {
    waiting.incrementAndGet();
  }

  /** Waits for one, as announced. */
  void take() throws InterruptedIOException {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    waiting.decrementAndGet();
  }

  /** Whether there is one that nobody waits for. */
  boolean hasSpare() {
    return waiting.get() == 0 && free.availablePermits() > 0;
  }

  /** Takes one that nobody waits for, if there is one. */
  boolean takeSpare() {
    return waiting.get() == 0 && free.tryAcquire();
  }

  void giveBack() {
    free.release();
  }
}

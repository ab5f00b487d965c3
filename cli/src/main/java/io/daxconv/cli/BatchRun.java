package io.daxconv.cli;

import io.daxconv.converter.stored.StoredLayers;
import io.daxconv.oci.NoContainerImageException;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.RetryPolicy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Does the images of a batch, a few at once; what happens to one does not stop the others. */
final class BatchRun {
  /** With the pauses between them, a registry that is restarted is waited for. */
  private static final int TRIES = 6;

  private static final long FIRST_PAUSE_MILLIS = 500;

  private final BatchTarget target;
  private final StoredLayers layers;
  private final BatchSummary summary;
  private final PrintStream results;
  private final boolean catalog;

  /**
   * A run.
   *
   * @param results gets a line for each image
   * @param catalog whether the list is all that a registry has, which is more than images
   */
  BatchRun(
      BatchTarget target,
      StoredLayers layers,
      BatchSummary summary,
      PrintStream results,
      boolean catalog) {
    this.catalog = catalog;
    this.target = target;
    this.layers = layers;
    this.summary = summary;
    this.results = results;
  }

  void run(List<BatchItem> items, int workers) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (BatchItem item : items) {
        ends.add(threads.submit(() -> end(process(item))));
      }
      for (Future<?> end : ends) {
        end.get();
      }
      layers.evict();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private void end(BatchOutcome outcome) {
    synchronized (results) {
      results.print(Json.line(outcome.json()) + "\n");
      results.flush();
    }
    summary.end(outcome);
  }

  private BatchOutcome process(BatchItem item) {
    long begun = System.nanoTime();
    summary.begin(item.image());
    for (int tries = 1; ; tries++) {
      try {
        return target.put(item, layers, summary, begun);
      } catch (RegistryException e) {
        if (!mayPass(e) || tries == tries()) {
          return failed(item, begun, e.getMessage());
        }
        summary.retrying(item.image(), e.getMessage());
        if (!pause(tries, e.retryAfter())) {
          return failed(item, begun, "interrupted");
        }
      } catch (NoContainerImageException e) {
        BatchOutcome.Status status =
            catalog ? BatchOutcome.Status.SKIPPED : BatchOutcome.Status.FAILED;
        return ended(item, begun, status, e.getMessage());
      } catch (IOException e) {
        return failed(item, begun, ErrorLine.text(e));
      } catch (RuntimeException e) {
        return failed(item, begun, "internal error, please report it: " + e);
      }
    }
  }

  /** Who wants single requests not to be made again does not want images to be either. */
  private int tries() {
    return target.source().retries().times() == 0 ? 1 : TRIES;
  }

  private static boolean mayPass(RegistryException e) {
    Duration asked = e.retryAfter();
    return e.temporary() && (asked == null || asked.compareTo(RetryPolicy.LONGEST_WAIT) <= 0);
  }

  private static boolean pause(int tries, @Nullable Duration asked) {
    try {
      double spread = 0.5 + ThreadLocalRandom.current().nextDouble();
      long own = (long) (FIRST_PAUSE_MILLIS * (1 << (tries - 1)) * spread);
      Thread.sleep(asked == null ? own : Math.max(own, asked.toMillis()));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static long millis(long begun) {
    return (System.nanoTime() - begun) / 1_000_000;
  }

  private static BatchOutcome failed(BatchItem item, long begun, String error) {
    return ended(item, begun, BatchOutcome.Status.FAILED, error);
  }

  private static BatchOutcome ended(
      BatchItem item, long begun, BatchOutcome.Status status, @Nullable String why) {
    return new BatchOutcome(
        item.image(), status, null, null, null, 0, 0, millis(begun), ErrorLine.oneLine(why));
  }
}

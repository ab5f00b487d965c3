package io.daxconv.oci.registry;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends reads of a body that comes not at all or in drips: the JDK's client only limits the time
 * until the headers are there. Only time spent waiting counts, so that a slow reader is no fault of
 * the sender.
 */
final class StallGuard implements Closeable {
  /** Fewer bytes a second than this are no download: a gigabyte would take twelve days. */
  static final long LEAST_PER_SECOND = 1024;

  private final Duration limit;
  private final long least;
  private final Set<Watched> streams = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("daxconv stall guard").factory());

  private final ScheduledFuture<?> checks;

  /**
   * @param limit how long is waited for the bytes of this time at the least speed
   */
  StallGuard(Duration limit) {
    this.limit = limit;
    this.least = Math.max(1, limit.toMillis() * LEAST_PER_SECOND / 1000);
    long step = Math.max(1, limit.toMillis() / 4);
    this.checks =
        clock.scheduleWithFixedDelay(
            () -> streams.forEach(Watched::check), step, step, TimeUnit.MILLISECONDS);
  }

  /** The same stream; reads that wait for too long fail. */
  InputStream watch(InputStream in) {
    Watched watched = new Watched(in);
    streams.add(watched);
    return watched;
  }

  @Override
  public void close() {
    checks.cancel(false);
    clock.shutdown();
  }

  private final class Watched extends FilterInputStream {
    /** When the read under way began, by {@link System#nanoTime}; only if there is one. */
    private volatile long since;

    private volatile boolean reading;
    private volatile boolean stalled;

    /** What was waited, in nanoseconds, and how many bytes came, since there were enough. */
    private volatile long waited;

    private volatile long came;

    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      since = System.nanoTime();
      reading = true;
      int read;
      try {
        read = in.read(bytes, offset, length);
      } catch (IOException e) {
        refuseIfStalled();
        throw e;
      } finally {
        reading = false;
      }
      refuseIfStalled();
      count(read, System.nanoTime() - since);
      return read;
    }

    private void count(int read, long nanos) {
      long bytes = came + Math.max(0, read);
      boolean enough = bytes >= least;
      came = enough ? 0 : bytes;
      waited = enough ? 0 : waited + nanos;
    }

    private void refuseIfStalled() throws IOException {
      if (stalled) {
        throw new IOException(
            came == 0
                ? "nothing came for " + limit.toSeconds() + " s"
                : "only " + came + " bytes came in " + limit.toSeconds() + " s");
      }
    }

    private void check() {
      if (reading && waited + System.nanoTime() - since > limit.toNanos()) {
        stalled = true;
        try {
          close();
        } catch (IOException e) {
          // The reader is told all the same: its read ends, and it sees that it was stopped.
          streams.remove(this);
        }
      }
    }

    @Override
    public void close() throws IOException {
      streams.remove(this);
      super.close();
    }
  }
}

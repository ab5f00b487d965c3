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
 * Ends reads of a body that wait for too long: the JDK's client only limits the time until the
 * headers are there.
 */
final class StallGuard implements Closeable {
  private final Duration limit;
  private final Set<Watched> streams = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("daxconv stall guard").factory());

  private final ScheduledFuture<?> checks;

  StallGuard(Duration limit) {
    this.limit = limit;
    long step = Math.max(1, limit.toMillis() / 4);
    this.checks =
        clock.scheduleWithFixedDelay(
            () -> streams.forEach(Watched::check), step, step, TimeUnit.MILLISECONDS);
  }

  /** The same stream; a read that takes longer than the limit fails. */
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

    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      since = System.nanoTime();
      reading = true;
      try {
        return checked(in.read(bytes, offset, length));
      } catch (IOException e) {
        checked(0);
        throw e;
      } finally {
        reading = false;
      }
    }

    private int checked(int read) throws IOException {
      if (stalled) {
        throw new IOException("nothing came for " + limit.toSeconds() + " s");
      }
      return read;
    }

    private void check() {
      if (reading && System.nanoTime() - since > limit.toNanos()) {
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

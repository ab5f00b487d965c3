package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far a batch is: a line for each image that ended, and on a terminal, below them and redrawn
 * in place, how many there are and how long it will take.
 */
final class BatchSummary implements AutoCloseable {
  private static final long TICK_MILLIS = 500;

  /** How many images the rest is judged by. */
  private static final int RECENT = 32;

  private final PrintStream err;
  private final @Nullable LiveBlock live;
  private final boolean quiet;
  private final int total;
  private final long begun = System.nanoTime();

  /** When the last images ended, and the one before them, or when all began. */
  private final Deque<Long> ends = new ArrayDeque<>(List.of(begun));

  private final Set<String> atWork = new LinkedHashSet<>();
  private final Thread clock =
      Thread.ofPlatform().daemon().name("daxconv batch").unstarted(this::tick);
  private int done;
  private int skipped;
  private int failed;
  private long downloaded;
  private long needed;

  BatchSummary(Streams streams, boolean quiet, int total) {
    this.err = streams.err();
    this.quiet = quiet;
    this.total = total;
    this.live =
        quiet || streams.screen() == null ? null : new LiveBlock(streams.err(), streams.screen());
    if (live != null) {
      clock.start();
    }
  }

  private void tick() {
    try {
      while (true) {
        redraw();
        TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void begin(String image) {
    atWork.add(image);
  }

  /** A blob came from a registry. */
  synchronized void downloaded(long bytes) {
    downloaded += bytes;
  }

  synchronized void retrying(String image, String reason) {
    line(image + ": trying again: " + reason);
  }

  synchronized void end(BatchOutcome outcome) {
    atWork.remove(outcome.image());
    ends.addLast(System.nanoTime());
    if (ends.size() > RECENT + 1) {
      ends.removeFirst();
    }
    switch (outcome.status()) {
      case DONE -> {
        done++;
        needed += outcome.blobBytes();
      }
      case SKIPPED -> skipped++;
      case FAILED -> failed++;
    }
    String what =
        outcome.why() == null ? Sizes.text(outcome.size()) : String.valueOf(outcome.why());
    line(
        String.format(
            Locale.ROOT,
            "%d of %d %s: %s, %s",
            done + skipped + failed,
            total,
            outcome.image(),
            outcome.label(),
            what));
  }

  /** Shows a line, above what is redrawn. */
  synchronized void line(String text) {
    String shown = ErrorLine.ofUser(text);
    if (live != null) {
      live.above(shown, lines());
    } else if (!quiet) {
      err.println(shown);
    }
  }

  private synchronized void redraw() {
    if (live != null) {
      live.draw(lines());
    }
  }

  private List<String> lines() {
    List<String> lines = new java.util.ArrayList<>();
    // In lines that a narrow terminal does not cut.
    lines.add(counts() + ", " + (total - done - skipped - failed) + " left" + time());
    lines.add("  " + pace());
    atWork.forEach(image -> lines.add("  " + ErrorLine.ofUser(image)));
    return lines;
  }

  /** {@code 3 done, 1 skipped, 0 failed, 0.8 a second, 1.2 GiB not downloaded again}. */
  synchronized String text() {
    return counts() + ", " + pace();
  }

  private String counts() {
    return String.format(Locale.ROOT, "%d done, %d skipped, %d failed", done, skipped, failed);
  }

  private String pace() {
    double seconds = (System.nanoTime() - begun) / 1e9;
    return String.format(
        Locale.ROOT,
        "%.1f a second, %s not downloaded again",
        (done + skipped + failed) / Math.max(seconds, 0.001),
        Sizes.text(Math.max(0, needed - downloaded)));
  }

  /** The same for programs. */
  synchronized ObjectNode json() {
    return Json.object()
        .put("done", done)
        .put("skipped", skipped)
        .put("failed", failed)
        .put("bytes_not_downloaded_again", Math.max(0, needed - downloaded))
        .put("milliseconds", BatchRun.millis(begun));
  }

  private String time() {
    int ended = done + skipped + failed;
    if (ended == 0) {
      return "";
    }
    // By the last ones: those that are there already are mostly the first, and quick.
    long since = System.nanoTime() - ends.getFirst();
    Duration left = Duration.ofNanos(since / (ends.size() - 1) * (total - ended));
    return String.format(
        Locale.ROOT,
        ", about %d:%02d:%02d",
        left.toHours(),
        left.toMinutesPart(),
        left.toSecondsPart());
  }

  synchronized boolean anyFailed() {
    return failed > 0;
  }

  @Override
  public void close() {
    clock.interrupt();
    if (live != null) {
      live.close();
    }
  }
}

package io.daxconv.cli;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.source.Layer;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells how far a conversion is: a line for each layer that is done, and on a terminal a last line
 * that is redrawn for those under way.
 */
final class Progress implements ConversionListener, AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final String ERASE_LINE = "\r\033[K";

  private final PrintStream err;
  private final boolean live;
  private final int columns;
  private final Map<Integer, Reading> reading = new TreeMap<>();
  private long drawn = System.nanoTime();

  /** A layer that is being read. */
  private static final class Reading {
    private final String label;
    private final long total;
    private long done;

    Reading(String label, long total) {
      this.label = label;
      this.total = total;
    }

    String text() {
      return total > 0
          ? String.format(java.util.Locale.ROOT, "%s %d%%", label, Math.min(100, 100 * done / total))
          : label + " " + Sizes.text(done);
    }
  }

  Progress(Streams streams) {
    this.err = streams.err();
    this.live = streams.errIsTerminal();
    this.columns = columns(streams.environment().getOrDefault("COLUMNS", "80"));
  }

  private static int columns(String text) {
    return text.matches("[0-9]{1,4}") ? Math.max(20, Integer.parseInt(text)) : 80;
  }

  @Override
  public synchronized void layerStarted(Layer layer, int index, long total) {
    reading.put(index, new Reading(layer.label(), total));
  }

  @Override
  public synchronized void layerProgress(int index, long blobBytes) {
    Reading layer = reading.get(index);
    if (layer == null) {
      return;
    }
    layer.done = blobBytes;
    if (live && System.nanoTime() - drawn > REDRAW_NANOS) {
      drawn = System.nanoTime();
      StringBuilder line = new StringBuilder();
      for (Reading each : reading.values()) {
        line.append(line.isEmpty() ? "" : "  ").append(each.text());
      }
      line.setLength(Math.min(line.length(), columns - 1));
      err.print(ERASE_LINE + line);
      err.flush();
    }
  }

  @Override
  public synchronized void layerFinished(int index, long blobBytes, long tarBytes, long entries) {
    Reading layer = reading.remove(index);
    if (layer != null) {
      line(
          layer.label
              + ": "
              + Sizes.text(blobBytes)
              + (tarBytes == blobBytes ? "" : ", " + Sizes.text(tarBytes) + " unpacked")
              + ", "
              + Sizes.count(entries, "entry", "entries"));
    }
  }

  private void line(String text) {
    err.println((live ? ERASE_LINE : "") + text);
  }

  @Override
  public synchronized void close() {
    if (live) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }
}

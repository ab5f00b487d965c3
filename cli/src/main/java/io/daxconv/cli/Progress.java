package io.daxconv.cli;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Layer;
import io.daxconv.oci.SourceListener;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Tells how far a conversion is: a line for each layer that is done, and on a terminal a last line
 * that is redrawn for those under way.
 */
final class Progress implements ConversionListener, SourceListener, AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final String ERASE_LINE = "\r\033[K";

  private final PrintStream err;
  private final boolean live;
  private final int columns;
  private final Map<Integer, Reading> reading = new TreeMap<>();
  private final Map<Digest, Reading> downloads = new LinkedHashMap<>();
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
          ? String.format(
              java.util.Locale.ROOT, "%s %d%%", label, Math.min(100, 100 * done / total))
          : label + " " + Sizes.text(done);
    }
  }

  private Progress(Streams streams, PrintStream err, boolean live) {
    this.err = err;
    this.live = live;
    this.columns = columns(streams.environment().getOrDefault("COLUMNS", "80"));
  }

  /** Progress on standard error, or nowhere. */
  static Progress of(Streams streams, boolean quiet) {
    return quiet
        ? new Progress(streams, new PrintStream(OutputStream.nullOutputStream()), false)
        : new Progress(streams, streams.err(), streams.errIsTerminal());
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
    redraw();
  }

  @Override
  public synchronized void blobStarted(String label, Digest digest, long size) {
    downloads.put(digest, new Reading("fetching " + label, size));
  }

  @Override
  public synchronized void blobProgress(Digest digest, long bytes) {
    Reading download = downloads.get(digest);
    if (download != null) {
      download.done = bytes;
      redraw();
    }
  }

  @Override
  public synchronized void blobFinished(Digest digest, long size, boolean cached) {
    downloads.remove(digest);
  }

  @Override
  public synchronized void retrying(String reason) {
    line("trying again: " + ErrorLine.oneLine(reason));
  }

  /** What is under way, in one line that is cut where the terminal ends. */
  private void redraw() {
    if (!live || System.nanoTime() - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = System.nanoTime();
    StringJoiner line = new StringJoiner("  ");
    reading.values().stream().filter(each -> each.done > 0).forEach(each -> line.add(each.text()));
    downloads.values().forEach(each -> line.add(each.text()));
    String text = line.toString();
    err.print(ERASE_LINE + text.substring(0, Math.min(text.length(), columns - 1)));
    err.flush();
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

package io.daxconv.cli;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Layer;
import io.daxconv.oci.SourceListener;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far a conversion is: a line for each layer that is done, and on a terminal, below them
 * and redrawn in place, one for each that is under way.
 */
final class Progress implements ConversionListener, SourceListener, AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintStream err;
  private final @Nullable LiveBlock live;
  private final Map<Integer, Transfer> reading = new TreeMap<>();
  private final Map<Digest, Transfer> downloads = new LinkedHashMap<>();

  /** What a registry says to a first client it may say to the next one of the same command. */
  private final Set<String> warnings = new HashSet<>();

  private long drawn = System.nanoTime();

  Progress(PrintStream err, @Nullable Supplier<Screen> screen) {
    this.err = err;
    this.live = screen == null ? null : new LiveBlock(err, screen);
  }

  /** Progress on standard error, or nowhere. */
  static Progress of(Streams streams, boolean quiet) {
    if (quiet) {
      return new Progress(new PrintStream(OutputStream.nullOutputStream()), null);
    }
    Progress progress = new Progress(streams.err(), streams.screen());
    if (progress.live != null) {
      // Ctrl-C leaves a clean terminal. Closing again does nothing, so the hook may stay.
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(progress.live::close));
    }
    return progress;
  }

  @Override
  public synchronized void layerStarted(Layer layer, int index, long total) {
    reading.put(index, new Transfer(layer.label(), "reading", total));
  }

  @Override
  public synchronized void layerProgress(int index, long blobBytes) {
    Transfer layer = reading.get(index);
    if (layer != null) {
      layer.reach(blobBytes);
      redraw();
    }
  }

  @Override
  public synchronized void blobStarted(String label, Digest digest, long size) {
    downloads.put(digest, new Transfer(label, "fetching", size));
  }

  /**
   * Bytes of another kind are under way from now on; what follows are calls for a blob.
   *
   * @param verb what happens to them
   */
  synchronized void started(Digest key, String label, String verb, long total) {
    downloads.put(key, new Transfer(label, verb, total));
  }

  @Override
  public synchronized void blobProgress(Digest digest, long bytes) {
    Transfer download = downloads.get(digest);
    if (download != null) {
      download.reach(bytes);
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

  @Override
  public synchronized void warned(String warning) {
    if (warnings.add(warning)) {
      line("warning: " + ErrorLine.oneLine(warning));
    }
  }

  @Override
  public synchronized void layerFinished(int index, long blobBytes, long tarBytes, long entries) {
    Transfer layer = reading.remove(index);
    if (layer != null) {
      line(
          layer.label()
              + ": "
              + Sizes.text(blobBytes)
              + (tarBytes == blobBytes ? "" : ", " + Sizes.text(tarBytes) + " unpacked")
              + ", "
              + Sizes.count(entries, "entry", "entries"));
    }
  }

  private void redraw() {
    if (live != null && System.nanoTime() - drawn >= REDRAW_NANOS) {
      live.draw(underWay());
      drawn = System.nanoTime();
    }
  }

  private void line(String text) {
    if (live == null) {
      err.println(text);
    } else {
      live.above(text, underWay());
    }
  }

  /** One line a layer; what is still being fetched can be read no further than that. */
  private List<String> underWay() {
    List<Transfer> transfers = new ArrayList<>(downloads.values());
    Set<String> fetching = new HashSet<>();
    transfers.forEach(each -> fetching.add(each.label()));
    reading.values().stream()
        .filter(each -> each.hasBegun() && !fetching.contains(each.label()))
        .forEach(transfers::add);
    return Transfer.lines(transfers);
  }

  @Override
  public void close() {
    if (live != null) {
      live.close();
    }
  }
}

package io.daxconv.cli;

import io.daxconv.converter.load.LoadListener;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells how far loading is, by one line on a terminal that is redrawn in place. */
final class LoadProgress implements LoadListener, AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000;

  private final @Nullable LiveBlock live;
  private final String label;
  private Transfer pass;
  private long drawn = System.nanoTime();

  /**
   * @param label what is loaded
   */
  LoadProgress(Streams streams, String label, boolean quiet) {
    PrintStream err = quiet ? new PrintStream(OutputStream.nullOutputStream()) : streams.err();
    this.live = quiet || streams.screen() == null ? null : new LiveBlock(err, streams.screen());
    this.label = label;
    this.pass = new Transfer(label, "", 0);
    if (live != null) {
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(live::close));
    }
  }

  @Override
  public void started(String what, long total) {
    pass = new Transfer(label, what, total);
  }

  @Override
  public void reached(long bytes) {
    pass.reach(bytes);
    if (live != null && System.nanoTime() - drawn >= REDRAW_NANOS) {
      live.draw(Transfer.lines(List.of(pass)));
      drawn = System.nanoTime();
    }
  }

  @Override
  public void close() {
    if (live != null) {
      live.close();
    }
  }
}

package io.daxconv.cli;

import io.daxconv.converter.SourceTree;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The reading of an image's layers, beside something else that needs as long. */
final class SourceReading implements Closeable {
  private final FutureTask<SourceTree.@Nullable Contents> reading;
  private final Thread thread;

  private SourceReading(Callable<SourceTree.@Nullable Contents> reader) {
    this.reading = new FutureTask<>(reader);
    this.thread = Thread.ofPlatform().daemon().name("source").start(reading);
  }

  static SourceReading start(Callable<SourceTree.@Nullable Contents> reader) {
    return new SourceReading(reader);
  }

  /**
   * What was read, once it all is.
   *
   * @throws IOException if it cannot be read
   */
  SourceTree.Contents contents() throws IOException {
    try {
      return Objects.requireNonNull(reading.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /** Breaks the reading off if it is not done, and waits for it to have closed what it opened. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.daxconv.cli;

import io.daxconv.converter.SourceTree;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.verify.ImageContents;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The reading of an image's layers, beside something else that needs as long. What a converted
 * image holds of them is known by its place there, so that image stays open until this is closed.
 */
final class SourceReading implements Closeable {
  private final FutureTask<Result> reading;
  private final Thread thread;

  /** Set in the thread, and read when it is done. */
  private @Nullable DaxfsImage converted;

  private SourceReading(Path file, @Nullable Path backing, Source source) {
    this.reading = new FutureTask<>(() -> read(file, backing, source));
    this.thread = Thread.ofPlatform().daemon().name("source").unstarted(reading);
  }

  /** What reads the layers. */
  @FunctionalInterface
  interface Source {
    SourceTree.Contents read(ImageContents converted) throws IOException;
  }

  /**
   * What was read.
   *
   * @param converted what the image to check holds
   * @param expected what it should
   */
  record Result(ImageContents converted, SourceTree.Contents expected) {}

  /**
   * Begins to read.
   *
   * @param file the converted image; that it cannot be opened is said by {@link #result}
   * @param backing the file with its data in split mode, or null
   */
  static SourceReading start(Path file, @Nullable Path backing, Source source) {
    SourceReading reading = new SourceReading(file, backing, source);
    reading.thread.start();
    return reading;
  }

  private Result read(Path file, @Nullable Path backing, Source source) throws IOException {
    DaxfsImage image = DaxfsImage.open(file, backing);
    converted = image;
    ImageContents contents = new ImageContents(image);
    return new Result(contents, source.read(contents));
  }

  /**
   * What was read, once it all is.
   *
   * @throws IOException if it cannot be read
   */
  Result result() throws IOException {
    try {
      return reading.get();
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
      if (converted != null) {
        converted.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.daxconv.converter.layer;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream in a thread of its own, a bounded number of chunks ahead. This is what lets a
 * layer be inflated and hashed while the layer above it is still being flattened: layers must be
 * taken in order, their bytes need not be.
 */
final class ReadAhead extends InputStream {
  private static final int CHUNK = 1 << 18;

  /** Chunks that may wait in all for one layer: 8 MiB. */
  private static final int CHUNKS = 32;

  private final BlockingQueue<Chunk> filled = new ArrayBlockingQueue<>(CHUNKS);
  private final BlockingQueue<byte[]> spare = new LinkedBlockingQueue<>();
  private final Opening opening;
  private final Thread reader;
  private volatile boolean closed;
  private @Nullable Chunk current;
  private int position;

  /** Opens the stream to be read, in the reading thread. */
  @FunctionalInterface
  interface Opening {
    InputStream open() throws IOException;
  }

  /** What the reading thread hands over: bytes, the end, or what went wrong. */
  private sealed interface Chunk {
    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(byte[] bytes, int length) implements Chunk {}

    record End() implements Chunk {}

    record Failure(Throwable cause) implements Chunk {}
  }

  ReadAhead(String name, Opening opening) {
    this.opening = opening;
    this.reader = Thread.ofPlatform().daemon().name("read " + name).start(this::readAll);
  }

  private void readAll() {
    Chunk last = new Chunk.End();
    try (InputStream in = opening.open()) {
      while (!closed) {
        byte[] bytes = spare.poll();
        bytes = bytes == null ? new byte[CHUNK] : bytes;
        int read = in.readNBytes(bytes, 0, CHUNK);
        if (read > 0) {
          filled.put(new Chunk.Bytes(bytes, read));
        }
        if (read < CHUNK) {
          break;
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      last = new Chunk.Failure(e);
    } catch (InterruptedException e) {
      last = new Chunk.Failure(new InterruptedIOException("closed"));
    }
    // Whoever closed the stream takes no more chunks, so waiting for room must end then.
    try {
      while (!closed && !filled.offer(last, 100, TimeUnit.MILLISECONDS)) {}
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (current == null) {
      current = take();
      position = 0;
    }
    return switch (current) {
      case Chunk.Bytes chunk -> {
        int count = Math.min(length, chunk.length() - position);
        System.arraycopy(chunk.bytes(), position, bytes, offset, count);
        position += count;
        if (position == chunk.length()) {
          spare.add(chunk.bytes());
          current = null;
        }
        yield count;
      }
      case Chunk.End _ -> -1;
      case Chunk.Failure failure -> throw rethrown(failure.cause());
    };
  }

  private Chunk take() throws IOException {
    try {
      return filled.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static IOException rethrown(Throwable cause) {
    return switch (cause) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> new IOException(cause);
    };
  }

  @Override
  public void close() {
    closed = true;
    reader.interrupt();
    filled.clear();
    spare.clear();
    current = null;
  }
}

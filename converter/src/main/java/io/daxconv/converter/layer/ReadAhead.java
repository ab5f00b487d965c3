package io.daxconv.converter.layer;

import io.daxconv.converter.source.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar in a thread of its own, a bounded number of chunks ahead, and hashes it in another.
 * This is what lets a layer be inflated and hashed while the one above it is still being flattened:
 * layers must be taken in order, their bytes need not be.
 *
 * <p>A chunk goes to the hash and to the reader at once and is filled anew when both have done with
 * it, so no byte is copied on its way from the decoder.
 */
final class ReadAhead implements TarBytes, Closeable {
  /**
   * Large enough that threads seldom wait for each other, small enough to stay in a core's cache.
   */
  private static final int CHUNK = 1 << 18;

  /** Chunks that there may be in all for one layer: 8 MiB. */
  private static final int CHUNKS = 32;

  private final BlockingQueue<Chunk> forReader = new LinkedBlockingQueue<>();
  private final BlockingQueue<Chunk> forHash = new LinkedBlockingQueue<>();
  private final BlockingQueue<ByteBuffer> spare = new LinkedBlockingQueue<>();
  private final Opening opening;
  private final Digest.Algorithm algorithm;
  private final Arena arena = Arena.ofShared();

  /** Who may still touch the chunks: both threads, and whoever reads. */
  private final AtomicInteger users = new AtomicInteger(3);

  private final Thread filler;
  private final Thread hasher;
  private volatile boolean closed;
  private volatile @Nullable Digest digest;
  private @Nullable Chunk current;
  private long count;
  private int allocated;

  /** Opens the tar to be read, in the thread that reads it. */
  @FunctionalInterface
  interface Opening {
    ReadableByteChannel open() throws IOException;
  }

  /** What the filling thread hands over: bytes, the end, or what went wrong. */
  private sealed interface Chunk {
    record Bytes(ByteBuffer bytes, AtomicInteger users) implements Chunk {}

    record End() implements Chunk {}

    record Failure(Throwable cause) implements Chunk {}
  }

  /**
   * Starts reading.
   *
   * @param name what the threads are called by
   * @param algorithm what the tar is hashed with
   */
  ReadAhead(String name, Digest.Algorithm algorithm, Opening opening) {
    this.opening = opening;
    this.algorithm = algorithm;
    this.filler = Thread.ofPlatform().daemon().name("read " + name).unstarted(this::fillAll);
    this.hasher = Thread.ofPlatform().daemon().name("hash " + name).unstarted(this::hashAll);
    filler.start();
    hasher.start();
  }

  private void fillAll() {
    Chunk last = new Chunk.End();
    try (ReadableByteChannel tar = opening.open()) {
      boolean more = true;
      while (more && !closed) {
        ByteBuffer bytes = empty();
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
          read = tar.read(bytes);
        }
        more = read >= 0;
        hand(bytes.flip());
      }
    } catch (IOException | RuntimeException | Error e) {
      last = new Chunk.Failure(e);
    } catch (InterruptedException e) {
      last = new Chunk.Failure(new InterruptedIOException("closed"));
    } finally {
      forHash.add(last);
      forReader.add(last);
      leave();
    }
  }

  /** A chunk to fill: a fresh one as long as there may be more, else the next that comes back. */
  private ByteBuffer empty() throws InterruptedException {
    ByteBuffer back = spare.poll();
    if (back == null && allocated < CHUNKS) {
      allocated++;
      back = arena.allocate(CHUNK, 64).asByteBuffer();
    }
    return back == null ? spare.take() : back;
  }

  private void hand(ByteBuffer bytes) {
    if (bytes.hasRemaining()) {
      AtomicInteger chunkUsers = new AtomicInteger(2);
      forHash.add(new Chunk.Bytes(bytes.duplicate(), chunkUsers));
      forReader.add(new Chunk.Bytes(bytes, chunkUsers));
    }
  }

  private void giveBack(Chunk.Bytes chunk) {
    if (chunk.users().decrementAndGet() == 0) {
      spare.add(chunk.bytes().clear());
    }
  }

  private void hashAll() {
    try {
      var hash = algorithm.newHash();
      while (forHash.take() instanceof Chunk.Bytes chunk) {
        hash.update(chunk.bytes());
        giveBack(chunk);
      }
      digest = Digest.of(algorithm, hash);
    } catch (InterruptedException closedMeanwhile) {
      Thread.currentThread().interrupt();
    } finally {
      leave();
    }
  }

  /** Whoever leaves last frees the memory. */
  private void leave() {
    if (users.decrementAndGet() == 0) {
      arena.close();
    }
  }

  @Override
  public int read(byte[] into, int length) throws IOException {
    int done = 0;
    while (done < length) {
      ByteBuffer bytes = next(length - done);
      if (bytes == null) {
        break;
      }
      int some = bytes.remaining();
      bytes.get(into, done, some);
      done += some;
    }
    return done;
  }

  @Override
  public @Nullable ByteBuffer next(long most) throws IOException {
    if (current instanceof Chunk.Bytes used && !used.bytes().hasRemaining()) {
      giveBack(used);
      current = null;
    }
    if (current == null) {
      current = take();
    }
    return switch (current) {
      case Chunk.Bytes chunk -> {
        ByteBuffer bytes = chunk.bytes();
        int some = (int) Math.min(most, bytes.remaining());
        ByteBuffer view = bytes.slice(bytes.position(), some);
        bytes.position(bytes.position() + some);
        count += some;
        yield view;
      }
      case Chunk.End _ -> null;
      case Chunk.Failure failure -> throw rethrown(failure.cause());
    };
  }

  /** How many bytes have been passed over. */
  long count() {
    return count;
  }

  /** Passes over all that is left; gives the digest of the whole. */
  Digest finish() throws IOException {
    while (next(Long.MAX_VALUE) != null) {}
    try {
      hasher.join();
    } catch (InterruptedException e) {
      throw interrupted();
    }
    Digest found = digest;
    if (found == null) {
      throw new IllegalStateException("the tar was not hashed");
    }
    return found;
  }

  private Chunk take() throws IOException {
    try {
      return forReader.take();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted");
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
    if (!closed) {
      closed = true;
      filler.interrupt();
      hasher.interrupt();
      leave();
    }
  }
}

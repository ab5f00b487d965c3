package io.daxconv.converter.stream;

import io.daxconv.converter.source.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a channel in a thread of its own, a bounded number of chunks ahead, and hashes it in
 * another. This is what lets a layer be read, inflated and hashed while the one above it is still
 * being flattened: layers must be taken in order, their bytes need not be.
 *
 * <p>A chunk goes to the hash and to the reader at once and is filled anew when both have done with
 * it, so no byte is copied on its way.
 */
public final class ReadAhead implements ByteStream, Closeable {
  private final BlockingQueue<Chunk> forReader = new LinkedBlockingQueue<>();
  private final BlockingQueue<Chunk> forHash = new LinkedBlockingQueue<>();
  private final BlockingQueue<ByteBuffer> spare = new LinkedBlockingQueue<>();
  private final Opening opening;
  private final Size size;
  private final Digest.@Nullable Algorithm algorithm;
  private final Arena arena = Arena.ofShared();

  /** Who may still touch the chunks: the threads, and whoever reads. */
  private final AtomicInteger users;

  private final int takers;
  private final Thread filler;
  private final @Nullable Thread hasher;
  private volatile boolean closed;
  private volatile @Nullable Digest digest;
  private @Nullable Chunk current;
  private long count;
  private int allocated;

  /** Opens the channel to be read, in the thread that reads it. */
  @FunctionalInterface
  public interface Opening {
    ReadableByteChannel open() throws IOException;
  }

  /** What the filling thread hands over: bytes, the end, or what went wrong. */
  private sealed interface Chunk {
    record Bytes(ByteBuffer bytes, AtomicInteger users) implements Chunk {}

    record End() implements Chunk {}

    record Failure(Throwable cause) implements Chunk {}
  }

  /**
   * How far to read ahead.
   *
   * @param chunk bytes of one chunk: enough that threads seldom wait for each other, few enough to
   *     stay in a core's cache
   * @param chunks how many of them there may be at a time
   */
  public record Size(int chunk, int chunks) {}

  /**
   * Starts reading.
   *
   * @param name what the threads are called by
   * @param algorithm what to hash with, or null for not at all
   */
  public ReadAhead(String name, Size size, Digest.@Nullable Algorithm algorithm, Opening opening) {
    this.opening = opening;
    this.size = size;
    this.algorithm = algorithm;
    this.takers = algorithm == null ? 1 : 2;
    this.users = new AtomicInteger(1 + takers);
    this.filler = Thread.ofPlatform().daemon().name("read " + name).start(this::fillAll);
    this.hasher =
        algorithm == null
            ? null
            : Thread.ofPlatform().daemon().name("hash " + name).start(() -> hashAll(algorithm));
  }

  private void fillAll() {
    Chunk last = new Chunk.End();
    try (ReadableByteChannel channel = opening.open()) {
      boolean more = true;
      while (more && !closed) {
        ByteBuffer bytes = empty();
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
          read = channel.read(bytes);
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
    if (back == null && allocated < size.chunks()) {
      allocated++;
      back = arena.allocate(size.chunk(), 64).asByteBuffer();
    }
    return back == null ? spare.take() : back;
  }

  private void hand(ByteBuffer bytes) {
    if (bytes.hasRemaining()) {
      AtomicInteger chunkUsers = new AtomicInteger(takers);
      if (algorithm != null) {
        forHash.add(new Chunk.Bytes(bytes.duplicate(), chunkUsers));
      }
      forReader.add(new Chunk.Bytes(bytes, chunkUsers));
    }
  }

  private void giveBack(Chunk.Bytes chunk) {
    if (chunk.users().decrementAndGet() == 0) {
      spare.add(chunk.bytes().clear());
    }
  }

  private void hashAll(Digest.Algorithm with) {
    try {
      MessageDigest hash = with.newHash();
      while (forHash.take() instanceof Chunk.Bytes chunk) {
        hash.update(chunk.bytes());
        giveBack(chunk);
      }
      digest = Digest.of(with, hash);
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
  public long count() {
    return count;
  }

  /** Passes over all that is left; gives the digest of the whole, or null if none was asked for. */
  public @Nullable Digest finish() throws IOException {
    while (next(Long.MAX_VALUE) != null) {}
    if (hasher == null) {
      return null;
    }
    try {
      hasher.join();
    } catch (InterruptedException e) {
      throw interrupted();
    }
    Digest found = digest;
    if (found == null) {
      throw new IllegalStateException("not all was hashed");
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
      if (hasher != null) {
        hasher.interrupt();
      }
      leave();
    }
  }
}

package io.daxconv.oci.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A blob that is read while it is written. Readers follow the writer in the same file; they reach
 * the end only when the whole blob was found to be what its digest says, and fail when it was not.
 */
public final class GrowingBlob {
  private @Nullable FileChannel file;
  private long readable;
  private boolean followed;
  private boolean whole;
  private @Nullable IOException failure;

  /** There is this much of it, in this file. */
  public synchronized void grown(FileChannel to, long bytes) {
    file = to;
    readable = bytes;
    notifyAll();
  }

  /**
   * Begins anew, if nobody has read anything yet.
   *
   * @return whether it did
   */
  public synchronized boolean restart() {
    if (!followed) {
      readable = 0;
    }
    return !followed;
  }

  /** It is all there and right. */
  public synchronized void complete(CachedBlob blob) {
    file = blob.bytes().file();
    readable = blob.bytes().size();
    whole = true;
    notifyAll();
  }

  /** There will be no more of it; only the first failure counts, and none behind the end. */
  public synchronized void fail(IOException cause) {
    if (failure == null && !whole) {
      failure = cause;
      notifyAll();
    }
  }

  /** A stream from the blob's start, which waits for bytes that are still to come. */
  public InputStream open() {
    return new Follower();
  }

  /** Waits for bytes behind a place; says how many there are in all, or -1 at the end. */
  private synchronized long await(long position) throws IOException {
    while (failure == null && !whole && readable <= position) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
    if (failure != null) {
      throw failure;
    }
    followed = true;
    return readable > position ? readable : -1;
  }

  /** Who closes the file before the end gives up, and says why as soon as it is closed. */
  private synchronized IOException reasonFor(ClosedChannelException closed)
      throws InterruptedIOException {
    while (failure == null && !whole) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
    return failure == null ? closed : failure;
  }

  private synchronized FileChannel file() {
    FileChannel known = file;
    if (known == null) {
      throw new IllegalStateException("nothing is there yet");
    }
    return known;
  }

  private final class Follower extends InputStream implements ReadableByteChannel {
    private long position;
    private boolean open = true;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return read(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (!into.hasRemaining()) {
        return 0;
      }
      long end = await(position);
      if (end < 0) {
        return -1;
      }
      int limit = into.limit();
      into.limit(into.position() + (int) Math.min(into.remaining(), end - position));
      try {
        int count = file().read(into, position);
        position += Math.max(0, count);
        return count;
      } catch (ClosedChannelException e) {
        throw reasonFor(e);
      } finally {
        into.limit(limit);
      }
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}

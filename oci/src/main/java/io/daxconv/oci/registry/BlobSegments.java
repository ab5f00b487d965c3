package io.daxconv.oci.registry;

import io.daxconv.oci.RegistryException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A large blob by several requests at once, each for a segment (RFC 9110, 14.2), as far as there
 * are slots that no other blob waits for. Segments stand in memory until what is before them is
 * there: whoever takes the bytes gets them in their order, and a file of them has no holes.
 */
final class BlobSegments implements Closeable {
  /**
   * What is split, and how.
   *
   * @param least what is shorter is fetched by one request
   * @param each bytes of a segment
   */
  record Sizes(long least, int each) {
    static final Sizes USUAL = new Sizes(64L << 20, 8 << 20);
  }

  /** Takes bytes in their order. */
  @FunctionalInterface
  interface Sink {
    void take(byte[] bytes, int offset, int length) throws IOException;
  }

  /** Bytes of a segment that nobody has taken yet. */
  private record Piece(BlobSegment segment, int offset, int length) {}

  private final BlobAnswers answers;
  private final long size;
  private final DownloadSlots slots;
  private final Sizes sizes;
  private final Deque<BlobSegment> window = new ArrayDeque<>();

  /** Where segments stood that have been taken: many arrays would be much memory. */
  private final Deque<byte[]> rooms = new ArrayDeque<>();

  /** Where the next segment begins. */
  private long next;

  /** Whether the blob's own slot has a request. */
  private boolean ownTaken;

  /** Whether a segment was answered as one. */
  private boolean proven;

  /** Whether one was not: those before it are still taken, and none is begun any more. */
  private boolean refused;

  BlobSegments(BlobAnswers answers, long size, DownloadSlots slots, Sizes sizes) {
    this.answers = answers;
    this.size = size;
    this.slots = slots;
    this.sizes = sizes;
  }

  /** Whether the rest from here on is to be fetched so. */
  synchronized boolean pay(long here) {
    return !window.isEmpty() || (!refused && size - here >= sizes.least() && slots.hasSpare());
  }

  /**
   * Fetches the rest. What fails can be done again: it goes on where it was.
   *
   * @param here how many bytes have been taken
   * @return whether all of it is there; else the host takes no ranges
   */
  boolean receive(RegistryClient client, long here, Sink sink) throws IOException {
    again(client, here);
    for (Piece piece; (piece = next(client)) != null; ) {
      sink.take(piece.segment().bytes, piece.offset(), piece.length());
      taken(piece);
    }
    return !isRefused();
  }

  private synchronized boolean isRefused() {
    return refused;
  }

  /** Asks anew for what broke off. */
  private synchronized void again(RegistryClient client, long here) {
    if (window.isEmpty()) {
      next = here;
    }
    for (BlobSegment segment : window) {
      if (segment.failure != null) {
        segment.failure = null;
        start(segment, client);
      }
    }
  }

  /** Waits for the next bytes; null at the end, or where the host takes no ranges. */
  private synchronized @Nullable Piece next(RegistryClient client) throws IOException {
    while (true) {
      fill(client);
      BlobSegment first = window.peekFirst();
      if (first == null && (refused || next >= size)) {
        return null;
      }
      if (first != null) {
        if (first.taken < first.filled) {
          return new Piece(first, first.taken, first.filled - first.taken);
        }
        if (first.refused) {
          leaveAll();
          return null;
        }
        if (first.failure != null) {
          throw first.failure;
        }
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
  }

  /** Begins with as many segments as there are slots; with one until it was answered as one. */
  private void fill(RegistryClient client) {
    while (!refused && next < size && (window.isEmpty() || proven)) {
      boolean spare = ownTaken;
      if (spare && !slots.takeSpare()) {
        return;
      }
      ownTaken = true;
      int length = (int) Math.min(sizes.each(), size - next);
      BlobSegment segment = new BlobSegment(next, length, room(), spare);
      next = segment.end();
      window.addLast(segment);
      start(segment, client);
    }
  }

  private byte[] room() {
    byte[] used = rooms.poll();
    return used == null ? new byte[sizes.each()] : used;
  }

  private synchronized void taken(Piece piece) {
    BlobSegment segment = piece.segment();
    segment.taken += piece.length();
    if (segment.taken == segment.length) {
      window.removeFirst();
      segment.left = true;
      release(segment);
    }
  }

  /** Gives its slot back when nobody needs it any more. */
  private void release(BlobSegment segment) {
    if (segment.left && !segment.running) {
      rooms.push(segment.bytes);
      if (segment.spare) {
        slots.giveBack();
      } else {
        ownTaken = false;
      }
      notifyAll();
    }
  }

  private void start(BlobSegment segment, RegistryClient client) {
    segment.running = true;
    Thread.ofVirtual().name("daxconv segment").start(() -> run(segment, client));
  }

  private void run(BlobSegment segment, RegistryClient client) {
    // Whatever else ends this thread: who waits for the segment is told.
    @Nullable IOException failure = new IOException("the segment was not fetched");
    try {
      fetch(segment, client);
      failure = null;
    } catch (RegistryException e) {
      failure = isRefusal(segment, e) ? null : e;
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException e) {
      failure = new IOException(e);
    } finally {
      ended(segment, failure);
    }
  }

  /**
   * Whether an answer is about this request and not about the blob, as from a server whose signed
   * URLs work once or for a short time: one request for all of the rest may be answered otherwise.
   */
  private synchronized boolean isRefusal(BlobSegment segment, RegistryException e) {
    boolean first = !proven && segment.start + segment.filled == 0;
    boolean fault = e.status() >= 400 && e.status() < 500 && !e.temporary();
    if (!fault || (first && (e.status() == 401 || e.status() == 404))) {
      return false;
    }
    refuse(segment);
    return true;
  }

  private void refuse(BlobSegment segment) {
    if (!segment.left) {
      segment.refused = true;
      refused = true;
    }
  }

  private synchronized void ended(BlobSegment segment, @Nullable IOException failure) {
    segment.running = false;
    segment.reply = null;
    segment.failure = failure;
    release(segment);
    notifyAll();
  }

  private void fetch(BlobSegment segment, RegistryClient client) throws IOException {
    int have = segment.filled;
    int length = segment.length;
    try (Reply reply = client.open(answers.part(segment.start + have, segment.end() - 1))) {
      if (!isWanted(segment, reply)) {
        return;
      }
      while (have < length) {
        int read = reply.body().read(segment.bytes, have, length - have);
        if (read < 0) {
          throw answers.endedAt(segment.start + have);
        }
        have += read;
        if (have == length) {
          // Its end, so that the connection is free for the next.
          reply.body().read(new byte[1], 0, 1);
        }
        grown(segment, have);
      }
    }
  }

  private synchronized boolean isWanted(BlobSegment segment, Reply reply) {
    if (segment.left) {
      return false;
    }
    if (!answers.isPart(reply, segment.start + segment.filled, segment.end() - 1)) {
      refuse(segment);
      return false;
    }
    proven = true;
    segment.reply = reply;
    notifyAll();
    return true;
  }

  private synchronized void grown(BlobSegment segment, int filled) {
    segment.filled = filled;
    notifyAll();
  }

  /** Forgets what is under way: another host is asked, or nobody. */
  @Override
  public synchronized void close() throws IOException {
    refused = false;
    proven = false;
    leaveAll();
  }

  private void leaveAll() throws IOException {
    for (BlobSegment segment : window) {
      segment.left = true;
      Reply reply = segment.reply;
      if (reply != null) {
        reply.close();
      }
      release(segment);
    }
    window.clear();
  }
}

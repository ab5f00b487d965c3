package io.daxconv.oci.registry;

import io.daxconv.oci.RegistryException;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.manifest.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One blob as it comes in. Where an answer breaks off, the rest is asked for, and from the next
 * host when one gives no more; whether all of it is right is for the reader to see, who has to hash
 * it.
 */
final class BlobStream extends InputStream implements ReadableByteChannel {
  private static final int BUFFER = 1 << 17;

  private final BlobAnswers answers;
  private final Descriptor layer;
  private final List<RegistryClient> clients;
  private final SourceListener listener;

  /** Which of the clients is asked. */
  private int asked;

  private @Nullable Reply reply;

  /** How many of its bytes were read before. */
  private long skip;

  private long position;
  private boolean finished;
  private boolean open = true;
  private final byte[] buffer = new byte[BUFFER];

  BlobStream(
      BlobAnswers answers,
      Descriptor layer,
      List<RegistryClient> clients,
      SourceListener listener) {
    this.answers = answers;
    this.layer = layer;
    this.clients = clients;
    this.listener = listener;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = read(buffer, 0, Math.min(buffer.length, into.remaining()));
    if (count > 0) {
      into.put(buffer, 0, count);
    }
    return count;
  }

  /**
   * Reads until the array is full or the blob ends: what counts as progress is more than a drip.
   */
  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    long before = position;
    while (true) {
      RegistryClient client = clients.get(asked);
      try {
        client.retrying(() -> fill(client, bytes, offset, length, before), () -> position);
        break;
      } catch (RegistryException e) {
        if (asked == clients.size() - 1) {
          throw answers.missing(e);
        }
        asked++;
        answers.askAnother();
        listener.retrying(e.getMessage() + "; the next host is asked");
      }
    }
    int count = (int) (position - before);
    listener.blobProgress(layer.digest(), position);
    if (count < length && !finished) {
      finished = true;
      listener.blobFinished(layer.digest(), layer.size(), false);
    }
    return count == 0 && length > 0 ? -1 : count;
  }

  private @Nullable Void fill(
      RegistryClient client, byte[] bytes, int offset, int length, long before) throws IOException {
    boolean whole = false;
    try {
      Reply from = reply;
      if (from == null) {
        from = client.open(answers.wanted(position));
        reply = from;
        skip = answers.skipped(from, position);
      }
      int done = (int) (position - before);
      while (done < length) {
        int read = readNew(from, bytes, offset + done, length - done);
        if (read < 0) {
          break;
        }
        done += read;
        position += read;
      }
      if (done < length && position < layer.size()) {
        throw answers.endedAt(position);
      }
      whole = true;
      return null;
    } finally {
      if (!whole) {
        hangUp();
      }
    }
  }

  /** Reads what was not read before. */
  private int readNew(Reply from, byte[] bytes, int offset, int length) throws IOException {
    while (skip > 0) {
      int old = from.body().read(bytes, offset, (int) Math.min(length, skip));
      if (old < 0) {
        return -1;
      }
      skip -= old;
    }
    return from.body().read(bytes, offset, length);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    hangUp();
  }

  private void hangUp() throws IOException {
    Reply from = reply;
    reply = null;
    if (from != null) {
      from.close();
    }
  }
}

package io.daxconv.oci.registry;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.blob.CachedBlob;
import io.daxconv.oci.blob.GrowingBlob;
import io.daxconv.oci.blob.PartialBlob;
import io.daxconv.oci.manifest.Descriptor;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one blob into the cache, and goes on where an answer broke off, in this run or an earlier
 * one.
 */
final class BlobDownload {
  private static final int BUFFER = 1 << 17;

  private final Descriptor layer;
  private final Digest digest;
  private final List<RegistryClient> clients;
  private final PartialBlob partial;
  private final GrowingBlob readers;
  private final SourceListener listener;
  private final BlobAnswers answers;
  private final BlobSegments segments;

  /** Whether it has been put together of more than one answer, or of an earlier run's bytes. */
  private boolean pieced;

  /** Whether it may be fetched in segments. */
  private boolean split = true;

  /** Whether readers see bytes as they come. */
  private boolean shown = true;

  /**
   * @param slots has one that is this download's; others that are to spare are taken for segments
   */
  BlobDownload(
      String label,
      Descriptor layer,
      List<RegistryClient> clients,
      PartialBlob partial,
      GrowingBlob readers,
      SourceListener listener,
      DownloadSlots slots,
      BlobSegments.Sizes sizes) {
    this.layer = layer;
    this.digest = layer.digest();
    this.clients = clients;
    this.partial = partial;
    this.readers = readers;
    this.listener = listener;
    this.answers = new BlobAnswers(label, layer);
    this.segments = new BlobSegments(answers, layer.size(), slots, sizes);
  }

  /** Fetches what is missing and puts the blob into the cache. */
  CachedBlob run() throws IOException {
    try (segments) {
      return whole();
    }
  }

  private CachedBlob whole() throws IOException {
    if (partial.resume(bytes -> listener.blobProgress(digest, bytes)) > 0) {
      // Nobody knows yet whether these bytes are right, and if not, they can still be replaced.
      pieced = true;
      shown = false;
    }
    while (true) {
      if (partial.written() < layer.size() || layer.size() == 0) {
        fetch();
      }
      try {
        return partial.commit();
      } catch (SourceException e) {
        if (!pieced || !readers.restart()) {
          throw answers.named(e);
        }
        listener.retrying(answers.named(e).getMessage());
        partial.restart();
        pieced = false;
        split = false;
        answers.askForAll();
      }
    }
  }

  private void fetch() throws IOException {
    for (RegistryClient client : clients.subList(0, clients.size() - 1)) {
      try {
        fetch(client);
        return;
      } catch (RegistryException e) {
        listener.retrying(e.getMessage() + "; the next host is asked");
        answers.askAnother();
        segments.close();
      }
    }
    fetch(clients.getLast());
  }

  private void fetch(RegistryClient client) throws IOException {
    try {
      client.retrying(() -> receive(client), partial::written);
    } catch (RegistryException e) {
      throw answers.missing(e);
    }
  }

  private @Nullable Void receive(RegistryClient client) throws IOException {
    while (partial.written() < layer.size() || layer.size() == 0) {
      if (isSplit() && segments.receive(client, partial.written(), this::append)) {
        pieced = true;
        return null;
      }
      if (receiveRest(client)) {
        return null;
      }
    }
    return null;
  }

  private boolean isSplit() {
    return split && segments.pay(partial.written());
  }

  /**
   * Takes the rest by one request.
   *
   * @return whether it came to its end; else it is to be split
   */
  private boolean receiveRest(RegistryClient client) throws IOException {
    boolean ended;
    try (Reply reply = client.open(answers.wanted(partial.written()))) {
      pieced |= partial.written() > 0;
      ended = appendAll(reply, answers.skipped(reply, partial.written()));
    }
    if (ended && partial.written() < layer.size()) {
      throw answers.endedAt(partial.written());
    }
    return ended;
  }

  private boolean appendAll(Reply reply, long skip) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = skip;
    for (int read; (read = reply.body().read(buffer)) >= 0; ) {
      int old = (int) Math.min(left, read);
      left -= old;
      if (read > old) {
        append(buffer, old, read - old);
      }
      if (isSplit()) {
        return false;
      }
    }
    return true;
  }

  private void append(byte[] bytes, int offset, int length) throws IOException {
    try {
      partial.write(bytes, offset, length);
    } catch (SourceException e) {
      throw answers.named(e);
    }
    listener.blobProgress(digest, partial.written());
    if (shown) {
      readers.grown(partial.channel(), partial.written());
    }
  }
}

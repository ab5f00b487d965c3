package io.daxconv.oci.registry;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.SourceListener;
import io.daxconv.oci.blob.CachedBlob;
import io.daxconv.oci.blob.GrowingBlob;
import io.daxconv.oci.blob.PartialBlob;
import io.daxconv.oci.manifest.Descriptor;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one blob, and goes on where an answer broke off, in this run or an earlier one. A blob is
 * named by its digest, so bytes of different answers can be put together: what they come to is
 * hashed as a whole.
 */
final class BlobDownload {
  private static final int BUFFER = 1 << 17;

  private final String label;
  private final Descriptor layer;
  private final Digest digest;
  private final List<RegistryClient> clients;
  private final PartialBlob partial;
  private final GrowingBlob readers;
  private final SourceListener listener;

  /** Where the bytes came from last, for messages. */
  private String from = "";

  /** What the first answer calls what it has; only a strong one can be used with If-Range. */
  private String etag = "";

  private boolean ranges = true;

  /** Whether it has been put together of more than one answer, or of an earlier run's bytes. */
  private boolean pieced;

  /** Whether readers see bytes as they come. */
  private boolean shown = true;

  BlobDownload(
      String label,
      Descriptor layer,
      List<RegistryClient> clients,
      PartialBlob partial,
      GrowingBlob readers,
      SourceListener listener) {
    this.label = label;
    this.layer = layer;
    this.digest = layer.digest();
    this.clients = clients;
    this.partial = partial;
    this.readers = readers;
    this.listener = listener;
  }

  /** Fetches what is missing and puts the blob into the cache. */
  CachedBlob run() throws IOException {
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
          throw named(e);
        }
        listener.retrying(named(e).getMessage());
        partial.restart();
        pieced = false;
        ranges = false;
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
        etag = "";
      }
    }
    fetch(clients.getLast());
  }

  private void fetch(RegistryClient client) throws IOException {
    try {
      client.get(
          new RegistryClient.Wanted(label, "blobs/" + digest, "*/*", this::rangeHeaders, true),
          this::receive,
          partial::written);
    } catch (RegistryException e) {
      if (e.status() == 404 && layer.foreign()) {
        throw new RegistryException(
            e.getMessage()
                + ": it is to be fetched from elsewhere (a foreign layer), which is not done",
            404,
            e.code(),
            false,
            e);
      }
      throw e;
    }
  }

  /** RFC 9110, 14.2 and 13.1.5: the rest, if it is still the same; else all of it. */
  private Map<String, String> rangeHeaders() {
    Map<String, String> headers = new HashMap<>();
    if (ranges && partial.written() > 0) {
      headers.put("Range", "bytes=" + partial.written() + "-");
      if (etag.startsWith("\"")) {
        headers.put("If-Range", etag);
      }
    }
    return headers;
  }

  private @Nullable Void receive(Reply reply) throws IOException {
    from = Urls.redacted(reply.uri());
    pieced |= partial.written() > 0;
    try {
      append(reply, skipped(reply));
    } catch (SourceException e) {
      throw named(e);
    }
    if (partial.written() < layer.size()) {
      throw broken(
          "expected %d bytes, the answer ended after %d: %s"
              .formatted(layer.size(), partial.written(), from));
    }
    return null;
  }

  /** How many bytes of the answer are already here. */
  private long skipped(Reply reply) throws RegistryException {
    long written = partial.written();
    if (reply.status() == 200) {
      etag = reply.header("ETag");
      return written;
    }
    String header = reply.header("Content-Range");
    ContentRange range = ContentRange.parse(header);
    if (reply.status() != 206
        || range == null
        || range.first() != written
        || (range.size() >= 0 && range.size() != layer.size())) {
      ranges = false;
      throw broken(
          "expected bytes from %d of %d on, found status %d and Content-Range %s: %s"
              .formatted(written, layer.size(), reply.status(), Escapes.quote(header), from));
    }
    return 0;
  }

  private void append(Reply reply, long skip) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = skip;
    for (int read; (read = reply.body().read(buffer)) >= 0; ) {
      int old = (int) Math.min(left, read);
      left -= old;
      if (read > old) {
        partial.write(buffer, old, read - old);
        listener.blobProgress(digest, partial.written());
        if (shown) {
          readers.grown(partial.channel(), partial.written());
        }
      }
    }
  }

  private RegistryException broken(String message) {
    return new RegistryException(label + ": " + message, 200, null, true, null);
  }

  private SourceException named(SourceException e) {
    String where = from.isEmpty() ? label : label + ", " + from;
    return new SourceException(where + ": " + e.getMessage(), e);
  }
}

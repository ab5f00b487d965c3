package io.daxconv.oci.registry;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.manifest.Descriptor;
import java.util.HashMap;
import java.util.Map;

/**
 * What is asked for to get one blob, in one piece or in several, and what may be answered (RFC
 * 9110, 14.2 and 13.1.5). A blob is named by its digest, so bytes of different answers can be put
 * together: what they come to is hashed as a whole.
 */
final class BlobAnswers {
  private final String label;
  private final Descriptor layer;

  /** Where the bytes came from last, for messages. */
  private volatile String from = "";

  /** What the first answer calls what it has; only a strong one can be used with If-Range. */
  private String etag = "";

  private boolean ranges = true;

  /**
   * @param label how messages name the layer
   */
  BlobAnswers(String label, Descriptor layer) {
    this.label = label;
    this.layer = layer;
  }

  /** What asks for the rest, if it is still the same; else for all of it. */
  RegistryClient.Wanted wanted(long here) {
    return new RegistryClient.Wanted(label, "blobs/" + layer.digest(), "*/*", headers(here), true);
  }

  /**
   * What asks for a part of it. Nothing is said of the one it was taken from: all of it is hashed.
   *
   * @param last its last byte, inclusive
   */
  RegistryClient.Wanted part(long first, long last) {
    Map<String, String> range = Map.of("Range", "bytes=" + first + "-" + last);
    return new RegistryClient.Wanted(label, "blobs/" + layer.digest(), "*/*", range, true);
  }

  /** Whether an answer is that part, or its beginning. */
  boolean isPart(Reply reply, long first, long last) {
    ContentRange range = ContentRange.parse(reply.header("Content-Range"));
    boolean is =
        reply.status() == 206
            && range != null
            && range.first() == first
            && range.last() <= last
            && (range.size() < 0 || range.size() == layer.size());
    if (is) {
      from = Urls.redacted(reply.uri());
    }
    return is;
  }

  private Map<String, String> headers(long here) {
    Map<String, String> headers = new HashMap<>();
    if (ranges && here > 0) {
      headers.put("Range", "bytes=" + here + "-");
      if (etag.startsWith("\"")) {
        headers.put("If-Range", etag);
      }
    }
    return headers;
  }

  /** Another host is asked from now on, whose tags are its own. */
  void askAnother() {
    etag = "";
  }

  /** The next is asked for as a whole. */
  void askForAll() {
    ranges = false;
  }

  /**
   * Takes an answer.
   *
   * @param here how many bytes there are
   * @return how many of the answer's bytes are among them
   * @throws RegistryException if it answers something else
   */
  long skipped(Reply reply, long here) throws RegistryException {
    from = Urls.redacted(reply.uri());
    if (reply.status() == 200) {
      etag = reply.header("ETag");
      return here;
    }
    String header = reply.header("Content-Range");
    ContentRange range = ContentRange.parse(header);
    if (reply.status() != 206
        || range == null
        || range.first() != here
        || (range.size() >= 0 && range.size() != layer.size())) {
      ranges = false;
      throw broken(
          "expected bytes from %d of %d on, found status %d and Content-Range %s: %s"
              .formatted(here, layer.size(), reply.status(), Escapes.quote(header), from));
    }
    return 0;
  }

  /** What an answer that ended too early is told as; it may be asked for again. */
  RegistryException endedAt(long here) {
    return broken(
        "expected %d bytes, the answer ended after %d: %s".formatted(layer.size(), here, from));
  }

  private RegistryException broken(String message) {
    return new RegistryException(label + ": " + message, 200, null, true, null);
  }

  /** The same failure; of a layer that no registry has it says so. */
  RegistryException missing(RegistryException e) {
    if (e.status() != 404 || !layer.foreign()) {
      return e;
    }
    return new RegistryException(
        e.getMessage()
            + ": it is to be fetched from elsewhere (a foreign layer), which is not done",
        404,
        e.code(),
        false,
        e);
  }

  /** A failure that says where the bytes came from. */
  SourceException named(SourceException e) {
    String where = from.isEmpty() ? label : label + ", " + from;
    return new SourceException(where + ": " + e.getMessage(), e);
  }
}

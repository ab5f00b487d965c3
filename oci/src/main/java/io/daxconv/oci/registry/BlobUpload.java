package io.daxconv.oci.registry;

import io.daxconv.converter.source.Digest;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.blob.FileSlice;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One blob on its way to a registry, in chunks (distribution-spec, "Pushing a blob in chunks").
 * What broke off goes on where the registry says it stands, or from the start if it has forgotten,
 * as it does when it was restarted.
 */
final class BlobUpload {
  private static final int CHUNK = 8 << 20;
  private static final int LARGEST_CHUNK = 64 << 20;

  /** {@code 0-1023}: the last byte that has arrived. */
  private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-(\\d{1,18})");

  /** An upload that is not known any more, or stands elsewhere than both sides think. */
  private static final Set<Integer> LOST = Set.of(400, 404, 416);

  private final RegistryWrites requests;
  private final Digest digest;
  private final FileSlice bytes;
  private final LongConsumer progress;
  private final String what;
  private int chunk = CHUNK;
  private @Nullable URI location;
  private long sent;

  /** Whether nothing was sent to the location yet. */
  private boolean fresh;

  BlobUpload(RegistryWrites requests, Digest digest, FileSlice bytes, LongConsumer progress) {
    this.requests = requests;
    this.digest = digest;
    this.bytes = bytes;
    this.progress = progress;
    this.what = "blob " + digest;
  }

  /** Whether the repository has it. */
  boolean isThere() throws IOException {
    URI uri = requests.uri("blobs/" + digest);
    try (Reply reply = requests.send("HEAD", uri, Map.of(), new byte[0])) {
      return switch (reply.status()) {
        case 200, 301, 302, 303, 307, 308 -> true;
        case 404 -> false;
        default -> throw requests.error(what, reply);
      };
    }
  }

  /**
   * Takes it from another repository of the registry, if both that and the registry allow it
   * (distribution-spec, "Mounting a blob from another repository").
   *
   * @return whether it is there now; if not, an upload may have begun, which {@link #run} goes on
   *     with
   */
  boolean mountFrom(String repository) throws IOException {
    URI uri = requests.uri("blobs/uploads/?mount=" + digest + "&from=" + repository);
    try (Reply reply = requests.send("POST", uri, Map.of(), new byte[0])) {
      if (reply.status() == 202) {
        accept(reply);
        fresh = true;
      }
      // Whatever else it says, the blob can be uploaded as if nobody had asked.
      return reply.status() == 201;
    }
  }

  /** Sends what is missing. After a failure that may pass it can be called again. */
  void run() throws IOException {
    if (location == null) {
      begin();
    } else if (!fresh) {
      askHowFar();
    }
    fresh = false;
    while (bytes.size() - sent > chunk) {
      sendChunk();
    }
    finish();
  }

  private void begin() throws IOException {
    sent = 0;
    URI uri = requests.uri("blobs/uploads/");
    try (Reply reply = requests.send("POST", uri, Map.of(), new byte[0])) {
      if (reply.status() != 202) {
        throw requests.error(what, reply);
      }
      accept(reply);
    }
  }

  private void accept(Reply reply) throws RegistryException {
    URI next = RegistryWrites.location(reply);
    if (next != null) {
      location = next;
    } else if (location == null) {
      throw new RegistryException(
          Urls.redacted(reply.uri()) + ": expected a Location to upload to, found none",
          reply.status(),
          null,
          false,
          null);
    }
    String least = reply.header("OCI-Chunk-Min-Length");
    if (least.matches("\\d{1,9}")) {
      chunk = Math.clamp(Integer.parseInt(least), CHUNK, LARGEST_CHUNK);
    }
  }

  private URI place() {
    URI place = location;
    if (place == null) {
      throw new IllegalStateException("no upload has begun");
    }
    return place;
  }

  private void askHowFar() throws IOException {
    try (Reply reply = requests.send("GET", place(), Map.of(), new byte[0])) {
      Matcher range = RANGE.matcher(reply.header("Range"));
      if (reply.status() == 204 && range.matches()) {
        long arrived = Long.parseLong(range.group(1)) + 1;
        // "0-0" is also what is said of an upload without any byte: one byte is sent again then.
        if (arrived > 1 && arrived <= bytes.size()) {
          accept(reply);
          sent = arrived;
          return;
        }
      }
    }
    begin();
  }

  private void sendChunk() throws IOException {
    byte[] body = read(chunk);
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            "application/octet-stream",
            "Content-Range",
            sent + "-" + (sent + body.length - 1));
    try (Reply reply = requests.send("PATCH", place(), headers, body)) {
      if (reply.status() != 202) {
        throw lost(reply);
      }
      accept(reply);
    }
    sent += body.length;
    progress.accept(sent);
  }

  /** The last bytes go with the request that ends it. */
  private void finish() throws IOException {
    byte[] body = read((int) (bytes.size() - sent));
    String at = place().toString();
    URI uri = URI.create(at + (at.indexOf('?') < 0 ? "?" : "&") + "digest=" + digest);
    Map<String, String> headers =
        sent == 0
            ? Map.of("Content-Type", "application/octet-stream")
            : Map.of(
                "Content-Type",
                "application/octet-stream",
                "Content-Range",
                sent + "-" + (bytes.size() - 1));
    try (Reply reply = requests.send("PUT", uri, headers, body)) {
      if (reply.status() != 201 && reply.status() != 204) {
        throw lost(reply);
      }
    }
    progress.accept(bytes.size());
  }

  private RegistryException lost(Reply reply) throws IOException {
    RegistryException error = requests.error(what, reply);
    if (!LOST.contains(reply.status())) {
      return error;
    }
    location = null;
    return new RegistryException(error.getMessage(), error.status(), error.code(), true, error);
  }

  private byte[] read(int count) throws IOException {
    ByteBuffer chunkBytes = ByteBuffer.allocate(count);
    while (chunkBytes.hasRemaining()) {
      if (bytes.file().read(chunkBytes, bytes.offset() + sent + chunkBytes.position()) < 0) {
        throw new EOFException(what + " got shorter while it was uploaded");
      }
    }
    return chunkBytes.array();
  }
}

package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * How an image of a batch ended: a line of the results.
 *
 * @param image as the list has it
 * @param status what became of it
 * @param source the digest of its manifest, or null if that was not found out
 * @param place the file in the output directory, or the reference that it was pushed to; null where
 *     it failed
 * @param artifact the digest of the artifact's manifest where it was pushed, else null
 * @param size bytes of the converted image
 * @param blobBytes bytes of the image's blobs, 0 if unknown
 * @param millis how long it took
 * @param why the one line, if it failed or there was nothing to convert; else null
 */
record BatchOutcome(
    String image,
    Status status,
    @Nullable String source,
    @Nullable String place,
    @Nullable String artifact,
    long size,
    long blobBytes,
    long millis,
    @Nullable String why) {

  /** What became of an image. */
  enum Status {
    DONE,
    SKIPPED,
    FAILED
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("image", image).put("status", label());
    if (source != null) {
      json.put("source", source);
    }
    if (place != null) {
      json.put(artifact == null ? "output" : "pushed", place);
    }
    if (artifact != null) {
      json.put("artifact", artifact);
    }
    if (place != null) {
      json.put("size", size);
    }
    json.put("milliseconds", millis);
    if (why != null) {
      json.put(status == Status.FAILED ? "error" : "note", why);
    }
    return json;
  }

  String label() {
    return status.name().toLowerCase(java.util.Locale.ROOT);
  }
}

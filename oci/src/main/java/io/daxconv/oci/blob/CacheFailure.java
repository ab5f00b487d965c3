package io.daxconv.oci.blob;

import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.source.SourceException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** What the operating system refuses while the cache is written, told with the file's name. */
final class CacheFailure {
  private CacheFailure() {}

  /** A blob that cannot be written; interrupted writing stays what it is. */
  static IOException writing(Path blob, IOException e) {
    if (e instanceof ClosedChannelException) {
      return e;
    }
    return new SourceException(
        "blob cache, %s: %s: make room there, or choose another directory with --cache-dir"
            .formatted(blob, FailureReason.of(e)),
        e);
  }
}

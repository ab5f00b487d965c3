package io.daxconv.oci.blob;

import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.source.SourceException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** What the operating system refuses while the cache is written, told with the file's name. */
public final class CacheFailure extends SourceException {
  private static final long serialVersionUID = 1;

  private CacheFailure(String message, IOException cause) {
    super(message, cause);
  }

  /** Whether it is one, or was told as the cause of something else. */
  public static boolean isBehind(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CacheFailure) {
        return true;
      }
    }
    return false;
  }

  /** A blob that cannot be written; interrupted writing stays what it is. */
  static IOException writing(Path blob, IOException e) {
    if (e instanceof ClosedChannelException) {
      return e;
    }
    return new CacheFailure(
        "blob cache, %s: %s: make room there, or choose another directory with --cache-dir"
            .formatted(blob, FailureReason.of(e)),
        e);
  }
}

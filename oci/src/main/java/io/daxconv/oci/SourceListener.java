package io.daxconv.oci;

import io.daxconv.converter.source.Digest;

/**
 * Hears how the blobs of a registry image come in. Calls come from more than one thread; the calls
 * for one blob come in order.
 */
public interface SourceListener {
  /** Hears nothing. */
  SourceListener NONE = new SourceListener() {};

  /**
   * A blob is being fetched, or looked up in the cache, from now on.
   *
   * @param label how messages name it: {@code layer 3 of 6 (sha256:0123456789ab)}
   * @param size its bytes, as the manifest has them
   */
  default void blobStarted(String label, Digest digest, long size) {}

  /** This much of a blob is here; starts again from less when a download is begun anew. */
  default void blobProgress(Digest digest, long bytes) {}

  /**
   * A blob is here and checked.
   *
   * @param cached whether it was there from an earlier run
   */
  default void blobFinished(Digest digest, long size, boolean cached) {}

  /** A registry has something to say to the user; one line, which comes once. */
  default void warned(String warning) {}

  /** A request failed in a way that may pass, and is made again; one line. */
  default void retrying(String reason) {}
}

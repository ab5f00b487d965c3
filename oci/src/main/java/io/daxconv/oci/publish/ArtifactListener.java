package io.daxconv.oci.publish;

/** Hears how far an artifact is. */
public interface ArtifactListener {
  /** Hears nothing. */
  ArtifactListener NONE = new ArtifactListener() {};

  /** This much of the file is compressed. */
  default void compressing(long bytes, long total) {}

  /** This much of the blob has arrived at the registry. */
  default void uploading(long bytes, long total) {}

  /** This much of the blob has arrived here. */
  default void downloading(long bytes, long total) {}
}

package io.daxconv.converter;

import io.daxconv.converter.source.Layer;

/** Hears how far a conversion is. Calls come from more than one thread. */
public interface ConversionListener {
  /** Hears nothing. */
  ConversionListener NONE = new ConversionListener() {};

  /**
   * A layer is being read from now on.
   *
   * @param index 0 is the oldest
   * @param total the blob's bytes, or -1 if unknown
   */
  default void layerStarted(Layer layer, int index, long total) {}

  /** This much of a layer's blob has been read so far. */
  default void layerProgress(int index, long blobBytes) {}

  /**
   * A layer is read, checked and flattened.
   *
   * @param blobBytes bytes of the blob
   * @param tarBytes bytes of the tar in it
   * @param entries how many entries the tar has
   */
  default void layerFinished(int index, long blobBytes, long tarBytes, long entries) {}

  /** All layers are there; the image's metadata is being written. */
  default void writing(long totalSize) {}
}

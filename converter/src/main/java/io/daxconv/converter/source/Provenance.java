package io.daxconv.converter.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an image was found. Two sources of the same image differ in all of this, so it is kept
 * apart from what the image is.
 *
 * @param reference the full reference or path, without credentials
 * @param indexDigest the index the manifest was chosen from, or null
 * @param manifestDigest the manifest, or null where the source has none
 * @param layerDigests the blobs as they are stored there, oldest first; empty where unknown
 */
public record Provenance(
    String reference,
    @Nullable Digest indexDigest,
    @Nullable Digest manifestDigest,
    List<Digest> layerDigests) {
  public Provenance {
    layerDigests = List.copyOf(layerDigests);
  }
}

package io.daxconv.converter.source;

import java.io.Closeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image as the converter sees it, wherever it comes from. Manifest and config are already
 * checked against their digests when one is handed out; layers are checked as they are read.
 */
public interface SourceImage extends Closeable {
  /** Where it was found. */
  Provenance provenance();

  /** What the image's config says; null for a bare root filesystem, which has none. */
  @Nullable ImageConfig config();

  /** The layers, oldest first. Reading newest first is what the converter does. */
  List<Layer> layers();
}

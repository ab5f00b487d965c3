package io.daxconv.converter.annex;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.Provenance;

/** Hears the parts of an annex as they are read; parts that are absent are not heard of. */
public interface AnnexListener {
  /** Hears nothing. */
  AnnexListener NONE = new AnnexListener() {};

  default void reference(String reference) {}

  default void imageId(Digest id) {}

  default void platform(Platform platform) {}

  default void diffId(Digest diffId) {}

  default void config(JsonNode config) {}

  default void source(Provenance source) {}

  default void xattrs(FileXattrs xattrs) {}

  default void specialFile(SpecialFile file) {}

  default void remark(Remark remark) {}

  default void mode(ImageMode mode) {}

  default void added(AddedPath added) {}

  /** One of several images. */
  default void image(PackedImage image) {}
}

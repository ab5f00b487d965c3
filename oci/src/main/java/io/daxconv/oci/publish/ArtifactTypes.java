package io.daxconv.oci.publish;

import io.daxconv.converter.source.Digest;
import java.nio.charset.StandardCharsets;

/** The names that an artifact is told by; docs/push.md describes them. */
final class ArtifactTypes {
  /** {@code artifactType} of the manifest (image-spec manifest.md). */
  static final String ARTIFACT = "application/vnd.daxconv.image.v1";

  /** The only layer: the file in independent zstd frames with a seek table. */
  static final String CONTENT = "application/vnd.daxconv.image.v1.daxfs+zstd";

  /**
   * The descriptor of an empty config (image-spec manifest.md, "Guidance for an Empty Descriptor").
   */
  static final String EMPTY = "application/vnd.oci.empty.v1+json";

  /** {@code {}}. */
  static final Digest EMPTY_DIGEST = Digest.sha256(emptyBytes());

  static final String CONTENT_DIGEST = "io.daxconv.content.digest";
  static final String CONTENT_SIZE = "io.daxconv.content.size";
  static final String FRAME_SIZE = "io.daxconv.frame.size";
  static final String FORMAT_VERSION = "io.daxconv.format.version";
  static final String PAGE_SIZE = "io.daxconv.page.size";
  static final String VIEWS = "io.daxconv.views";
  static final String IMAGE_ID = "io.daxconv.image.id";
  static final String PLATFORM = "io.daxconv.platform";
  static final String SOURCE_DIGEST = "io.daxconv.source.digest";

  private ArtifactTypes() {}

  static byte[] emptyBytes() {
    return "{}".getBytes(StandardCharsets.US_ASCII);
  }
}

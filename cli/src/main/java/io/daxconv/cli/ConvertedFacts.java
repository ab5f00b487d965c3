package io.daxconv.cli;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.verify.ImageVerifier;
import io.daxconv.converter.verify.VerifyReport;
import io.daxconv.oci.publish.ImageFacts;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a sound converted image says of itself.
 *
 * @param facts for who looks for one
 * @param platform what it runs on, or null
 * @param manifest the manifest that it says it was made of, or null
 */
record ConvertedFacts(ImageFacts facts, @Nullable Platform platform, @Nullable Digest manifest) {

  /**
   * Reads and checks a file.
   *
   * @param name how a complaint names it
   * @throws CorruptImageException if it is not sound; the message has the first finding
   */
  static ConvertedFacts of(String name, Path file) throws IOException {
    VerifyReport report = ImageVerifier.verify(file);
    if (!report.isSound()) {
      throw new CorruptImageException(
          name + ": expected a sound image, found: " + report.findings().getFirst());
    }
    try (DaxfsImage image = DaxfsImage.open(file)) {
      Annex annex = image.annex();
      Platform platform = annex == null ? null : annex.platform();
      return new ConvertedFacts(
          new ImageFacts(
              image.superblock().version(),
              image.superblock().blockSize(),
              ConvertedFacts.views(image.superblock().overlayOffset() != 0, report.erofs() != null),
              annex == null ? null : annex.imageId(),
              platform == null ? "" : platform.toString()),
          platform,
          annex == null || annex.source() == null ? null : annex.source().manifestDigest());
    }
  }

  /** What an image can be mounted as, as {@link ImageFacts} says it. */
  static String views(boolean overlayRegion, boolean erofsView) {
    return "daxfs" + (overlayRegion ? ",overlay" : "") + (erofsView ? ",erofs" : "");
  }
}

package io.daxconv.converter.mount;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.AnnexListener;
import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.annex.FileXattrs;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import org.jspecify.annotations.Nullable;

/**
 * What mount plans take from an image's annex.
 *
 * @param reference what the image is called; empty without an annex
 * @param imageId the digest of its config, or null
 * @param platform what it runs on, or null where nobody says
 * @param config the {@code config} object of the image's config, or null
 * @param fileCapabilities how many files have file capabilities
 */
public record ImageFacts(
    String reference,
    @Nullable Digest imageId,
    @Nullable Platform platform,
    @Nullable JsonNode config,
    long fileCapabilities) {
  /** capabilities(7), file capabilities. */
  private static final String CAPABILITY = "security.capability";

  /** Of an image that says nothing of itself. */
  public static final ImageFacts NONE = new ImageFacts("", null, null, null, 0);

  /**
   * Reads the annex, in memory that does not grow with the tree.
   *
   * @throws CorruptImageException if there is one that cannot be read
   */
  public static ImageFacts of(DaxfsImage image) throws CorruptImageException {
    AnnexPointer pointer = AnnexPointer.read(image.bytes());
    if (pointer == null) {
      return NONE;
    }
    Listener listener = new Listener();
    AnnexJson.read(
        image.name() + ": annex",
        AnnexJson.checked(image.name(), pointer, image.bytes()),
        listener);
    return new ImageFacts(
        listener.reference,
        listener.imageId,
        listener.platform,
        listener.config,
        listener.fileCapabilities);
  }

  private static final class Listener implements AnnexListener {
    private String reference = "";
    private @Nullable Digest imageId;
    private @Nullable Platform platform;
    private @Nullable JsonNode config;
    private long fileCapabilities;

    @Override
    public void reference(String found) {
      reference = found;
    }

    @Override
    public void imageId(Digest found) {
      imageId = found;
    }

    @Override
    public void platform(Platform found) {
      platform = found;
    }

    @Override
    public void config(JsonNode found) {
      config = found;
    }

    @Override
    public void xattrs(FileXattrs found) {
      if (found.xattrs().containsKey(CAPABILITY)) {
        fileCapabilities++;
      }
    }
  }
}

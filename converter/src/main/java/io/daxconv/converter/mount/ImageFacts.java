package io.daxconv.converter.mount;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.AnnexListener;
import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.annex.FileXattrs;
import io.daxconv.converter.annex.PackedImage;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.text.Escapes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What mount plans take from an image's annex.
 *
 * @param packed the name of the one of several images that this is about, whose directory is called
 *     so; or null where it is about the whole file
 * @param reference what the image is called; empty without an annex
 * @param imageId the digest of its config, or null
 * @param platform what it runs on, or null where nobody says
 * @param config the {@code config} object of the image's config, or null
 * @param fileCapabilities how many files have file capabilities
 */
public record ImageFacts(
    @Nullable String packed,
    String reference,
    @Nullable Digest imageId,
    @Nullable Platform platform,
    @Nullable JsonNode config,
    long fileCapabilities) {
  /** capabilities(7), file capabilities. */
  private static final String CAPABILITY = "security.capability";

  /** Of an image that says nothing of itself. */
  public static final ImageFacts NONE = new ImageFacts(null, "", null, null, null, 0);

  /** How many of several images a message names. */
  private static final int MOST_NAMED = 20;

  /**
   * Reads what the annex says of the whole file, in memory that does not grow with the tree.
   *
   * @throws CorruptImageException if there is one that cannot be read
   */
  public static ImageFacts of(DaxfsImage image) throws CorruptImageException {
    return read(image, new Listener(null));
  }

  /**
   * Reads what the annex says of the image that is to be mounted.
   *
   * @param packed its name, if the file has several; or null
   * @throws MountPlanException if one of several must be named and is not, or is not there
   * @throws CorruptImageException if there is an annex that cannot be read
   */
  public static ImageFacts of(DaxfsImage image, @Nullable String packed)
      throws MountPlanException, CorruptImageException {
    Listener listener = new Listener(packed);
    ImageFacts whole = read(image, listener);
    if (packed == null) {
      if (listener.names.isEmpty()) {
        return whole;
      }
      throw new MountPlanException(
          image.name()
              + ": expected --image NAME, one of "
              + named(listener.names)
              + ", found none");
    }
    if (listener.names.isEmpty()) {
      throw new MountPlanException(
          image.name()
              + ": expected a file of several images for --image "
              + Escapes.quote(packed)
              + ", found one image");
    }
    PackedImage chosen = listener.chosen;
    if (chosen == null) {
      throw new MountPlanException(
          image.name()
              + ": --image: expected one of "
              + named(listener.names)
              + ", found "
              + Escapes.quote(packed));
    }
    if (!ContainerNames.isName(packed) || !chosen.path().equals("/" + packed)) {
      throw new CorruptImageException(
          image.name()
              + ": annex: images: expected a directory /NAME for each, found "
              + Escapes.quote(chosen.path())
              + " for "
              + Escapes.quote(packed));
    }
    return new ImageFacts(
        packed,
        chosen.reference(),
        chosen.imageId(),
        chosen.platform(),
        chosen.config(),
        whole.fileCapabilities);
  }

  private static String named(List<String> names) {
    String first =
        names.stream().limit(MOST_NAMED).map(Escapes::quote).collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMED;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  private static ImageFacts read(DaxfsImage image, Listener listener) throws CorruptImageException {
    AnnexPointer pointer = AnnexPointer.read(image.bytes());
    if (pointer == null) {
      return NONE;
    }
    AnnexJson.read(
        image.name() + ": annex",
        AnnexJson.checked(image.name(), pointer, image.bytes()),
        listener);
    return new ImageFacts(
        null,
        listener.reference,
        listener.imageId,
        listener.platform,
        listener.config,
        listener.fileCapabilities);
  }

  private static final class Listener implements AnnexListener {
    /** The one of several images whose files count, or null. */
    private final @Nullable String packed;

    private final List<String> names = new ArrayList<>();
    private @Nullable PackedImage chosen;
    private String reference = "";
    private @Nullable Digest imageId;
    private @Nullable Platform platform;
    private @Nullable JsonNode config;
    private long fileCapabilities;

    Listener(@Nullable String packed) {
      this.packed = packed;
    }

    @Override
    public void image(PackedImage found) {
      names.add(found.name());
      if (found.name().equals(packed)) {
        chosen = found;
      }
    }

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
      boolean counts = packed == null || found.path().startsWith("/" + packed + "/");
      if (counts && found.xattrs().containsKey(CAPABILITY)) {
        fileCapabilities++;
      }
    }
  }
}

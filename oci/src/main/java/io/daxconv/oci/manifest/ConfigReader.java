package io.daxconv.oci.manifest;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import java.util.ArrayList;
import java.util.List;

/** Reads an image's config (image-spec config.md, and Docker's, which says the same). */
public final class ConfigReader {
  private ConfigReader() {}

  /**
   * Reads a config whose bytes are already checked.
   *
   * @param what how complaints name it
   */
  public static ImageConfig read(String what, Digest digest, byte[] bytes) throws SourceException {
    JsonValue json = JsonValue.parse(what, bytes).object();
    JsonValue rootfs = json.get("rootfs").object();
    List<Digest> diffIds = new ArrayList<>();
    for (JsonValue diffId : rootfs.get("diff_ids").elements()) {
      diffIds.add(diffId.digest());
    }
    if (json.get("config").present()) {
      json.get("config").object();
    }
    return new ImageConfig(digest, platform(json), diffIds, json.node());
  }

  /** Both fields are required, but images without them are about, and run. */
  private static Platform platform(JsonValue json) throws SourceException {
    String os = json.get("os").optionalText();
    String architecture = json.get("architecture").optionalText();
    String variant = json.get("variant").optionalText();
    return new Platform(
        os == null || os.isEmpty() ? "linux" : os,
        architecture == null || architecture.isEmpty() ? "unknown" : architecture,
        variant == null || variant.isEmpty() ? null : variant);
  }

  /** Whether a config of another type describes a root filesystem all the same. */
  static boolean looksLikeConfig(byte[] bytes) {
    try {
      return JsonValue.parse("config", bytes).get("rootfs").get("diff_ids").node().isArray();
    } catch (SourceException notJson) {
      return false;
    }
  }

  /**
   * Checks an image that was not chosen by its platform.
   *
   * @throws SourceException if its config names another platform than the one asked for
   */
  public static void checkPlatform(String what, ImageConfig config, Platform asked)
      throws SourceException {
    if (PlatformChoice.rank(asked, config.platform()) < 0) {
      throw new SourceException(
          "%s: expected platform %s, found %s"
              .formatted(what, PlatformChoice.text(asked), PlatformChoice.text(config.platform())));
    }
  }
}

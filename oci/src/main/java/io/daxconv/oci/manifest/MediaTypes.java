package io.daxconv.oci.manifest;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The media types of image-spec media-types.md and of Docker's schema 2. Parameters such as {@code
 * ; charset=utf-8} are not part of them.
 */
public final class MediaTypes {
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

  private static final Set<String> SCHEMA_1 =
      Set.of(
          "application/vnd.docker.distribution.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.v1+prettyjws");
  private static final Set<String> CONFIGS =
      Set.of(
          "application/vnd.oci.image.config.v1+json",
          "application/vnd.docker.container.image.v1+json");
  private static final List<String> LAYERS =
      List.of(
          "application/vnd.oci.image.layer.v1.tar",
          "application/vnd.oci.image.layer.nondistributable.v1.tar",
          "application/vnd.docker.image.rootfs.diff.tar",
          "application/vnd.docker.image.rootfs.foreign.diff.tar");

  private MediaTypes() {}

  /** What a registry is asked for: manifests and indexes of either kind. */
  public static String accepted() {
    return String.join(", ", OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST);
  }

  /** The type without parameters, in lower case. */
  static String plain(String mediaType) {
    int semicolon = mediaType.indexOf(';');
    String type = semicolon < 0 ? mediaType : mediaType.substring(0, semicolon);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  static boolean isIndex(String type) {
    return type.equals(OCI_INDEX) || type.equals(DOCKER_LIST);
  }

  static boolean isManifest(String type) {
    return type.equals(OCI_MANIFEST) || type.equals(DOCKER_MANIFEST);
  }

  static boolean isSchema1(String type) {
    return SCHEMA_1.contains(type);
  }

  static boolean isConfig(String type) {
    return CONFIGS.contains(type);
  }

  /** Whether this is a layer's tar, however compressed; its bytes say how. */
  static boolean isLayer(String type) {
    for (String layer : LAYERS) {
      if (type.startsWith(layer)) {
        String compression = type.substring(layer.length());
        if (compression.matches("|[.+](gzip|zstd)")) {
          return true;
        }
      }
    }
    return false;
  }
}

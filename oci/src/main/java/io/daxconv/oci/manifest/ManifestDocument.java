package io.daxconv.oci.manifest;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.util.ArrayList;
import java.util.List;

/** A manifest or an index, of OCI or Docker (image-spec manifest.md and image-index.md). */
sealed interface ManifestDocument {

  /**
   * A manifest: one image.
   *
   * @param artifactType what it says it is instead of an image; empty if nothing
   */
  record ImageManifest(String artifactType, Descriptor config, List<Descriptor> layers)
      implements ManifestDocument {
    public ImageManifest {
      layers = List.copyOf(layers);
    }
  }

  /** An index or manifest list: images to choose from. */
  record ImageIndex(List<Descriptor> manifests) implements ManifestDocument {
    public ImageIndex {
      manifests = List.copyOf(manifests);
    }
  }

  /**
   * Reads either.
   *
   * @param what how complaints name it
   * @param declaredType the media type by which it was found; empty or something general if nobody
   *     said
   */
  static ManifestDocument read(String what, byte[] bytes, String declaredType)
      throws SourceException {
    JsonValue json = JsonValue.parse(what, bytes).object();
    String type = type(what, json, declaredType);
    if (MediaTypes.isSchema1(type) || json.get("schemaVersion").node().asInt(2) == 1) {
      throw new SourceException(
          what
              + ": a Docker schema 1 manifest, which is not read: push the image again with a"
              + " current tool");
    }
    if (json.get("schemaVersion").present() && json.get("schemaVersion").node().asInt(0) != 2) {
      throw new SourceException(what + ": schemaVersion: expected 2");
    }
    if (MediaTypes.isIndex(type)) {
      refuse(what, "an index", json, "layers", "config");
      return new ImageIndex(descriptors(json.get("manifests")));
    }
    if (!MediaTypes.isManifest(type)) {
      throw new SourceException(
          what + ": expected an image manifest or index, found type " + Escapes.quote(type));
    }
    refuse(what, "a manifest", json, "manifests");
    String artifactType = json.get("artifactType").optionalText();
    return new ImageManifest(
        artifactType == null ? "" : artifactType,
        Descriptor.read(json.get("config")),
        descriptors(json.get("layers")));
  }

  private static String type(String what, JsonValue json, String declaredType)
      throws SourceException {
    String inside = json.get("mediaType").optionalText();
    boolean telling =
        MediaTypes.isIndex(declaredType)
            || MediaTypes.isManifest(declaredType)
            || MediaTypes.isSchema1(declaredType);
    if (inside != null && !inside.isEmpty()) {
      String own = MediaTypes.plain(inside);
      if (telling && !own.equals(declaredType)) {
        throw new SourceException(
            "%s: mediaType: expected %s, found %s"
                .formatted(what, declaredType, Escapes.quote(own)));
      }
      return own;
    }
    if (telling) {
      return declaredType;
    }
    return json.get("manifests").present() ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
  }

  /** A document that is two things at once could be understood differently by another reader. */
  private static void refuse(String what, String kind, JsonValue json, String... fields)
      throws SourceException {
    for (String field : fields) {
      if (json.get(field).present()) {
        throw new SourceException(what + ": " + kind + " that also has " + field);
      }
    }
  }

  private static List<Descriptor> descriptors(JsonValue json) throws SourceException {
    List<Descriptor> descriptors = new ArrayList<>();
    for (JsonValue element : json.elements()) {
      descriptors.add(Descriptor.read(element));
    }
    return descriptors;
  }
}

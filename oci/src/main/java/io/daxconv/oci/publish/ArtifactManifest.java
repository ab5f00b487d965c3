package io.daxconv.oci.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.JsonValue;
import io.daxconv.oci.manifest.MediaTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of a converted image. The same file and subject give the same bytes.
 *
 * @param subject the manifest of the image it was made of, or null
 * @param content the blob with the compressed file
 * @param contentDigest the whole file
 * @param contentSize the whole file, in bytes
 * @param facts what the file says of itself
 */
record ArtifactManifest(
    @Nullable Descriptor subject,
    Descriptor content,
    Digest contentDigest,
    long contentSize,
    ImageFacts facts) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  byte[] toBytes() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("schemaVersion", 2);
    json.put("mediaType", MediaTypes.OCI_MANIFEST);
    json.put("artifactType", ArtifactTypes.ARTIFACT);
    ObjectNode config = json.putObject("config");
    config.put("mediaType", ArtifactTypes.EMPTY);
    config.put("digest", ArtifactTypes.EMPTY_DIGEST.toString());
    config.put("size", ArtifactTypes.emptyBytes().length);
    ObjectNode layer = describe(json.putArray("layers").addObject(), content);
    ObjectNode contents = layer.putObject("annotations");
    contents.put(ArtifactTypes.CONTENT_DIGEST, contentDigest.toString());
    contents.put(ArtifactTypes.CONTENT_SIZE, Long.toString(contentSize));
    contents.put(ArtifactTypes.FRAME_SIZE, Integer.toString(SeekableFrames.FRAME));
    if (subject != null) {
      describe(json.putObject("subject"), subject);
    }
    json.set("annotations", annotations());
    return bytes(json);
  }

  static byte[] bytes(ObjectNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode describe(ObjectNode json, Descriptor descriptor) {
    return json.put("mediaType", descriptor.mediaType())
        .put("digest", descriptor.digest().toString())
        .put("size", descriptor.size());
  }

  /** What the manifest and whoever lists it say of the artifact. */
  ObjectNode annotations() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(ArtifactTypes.FORMAT_VERSION, Integer.toString(facts.formatVersion()));
    Digest imageId = facts.imageId();
    if (imageId != null) {
      json.put(ArtifactTypes.IMAGE_ID, imageId.toString());
    }
    json.put(ArtifactTypes.PAGE_SIZE, Integer.toString(facts.pageSize()));
    if (!facts.platform().isEmpty()) {
      json.put(ArtifactTypes.PLATFORM, facts.platform());
    }
    if (subject != null) {
      json.put(ArtifactTypes.SOURCE_DIGEST, subject.digest().toString());
    }
    json.put(ArtifactTypes.VIEWS, facts.views());
    return json;
  }

  /** Whether a manifest is that of a converted image, of whatever version. */
  static boolean is(String what, byte[] manifest) throws SourceException {
    return ArtifactTypes.ARTIFACT.equals(
        JsonValue.parse(what, manifest).object().get("artifactType").optionalText());
  }

  /** Reads one whose bytes are checked. */
  static ArtifactManifest read(String what, byte[] manifest) throws SourceException {
    JsonValue json = JsonValue.parse(what, manifest).object();
    if (!is(what, manifest)) {
      throw new SourceException(
          what + ": artifactType: expected " + ArtifactTypes.ARTIFACT + ", found another");
    }
    List<JsonValue> layers = json.get("layers").elements();
    if (layers.size() != 1) {
      throw new SourceException(what + ": expected one layer, found " + layers.size());
    }
    Descriptor content = Descriptor.read(layers.getFirst());
    if (!content.mediaType().equals(ArtifactTypes.CONTENT)) {
      throw new SourceException(
          what + ": layers[0].mediaType: expected " + ArtifactTypes.CONTENT + ", found another");
    }
    JsonValue subject = json.get("subject");
    JsonValue annotations = json.get("annotations");
    JsonValue contents = layers.getFirst().get("annotations");
    String platform = annotations.member(ArtifactTypes.PLATFORM).optionalText();
    return new ArtifactManifest(
        subject.present() ? Descriptor.read(subject) : null,
        content,
        contents.member(ArtifactTypes.CONTENT_DIGEST).digest(),
        number(what, contents.member(ArtifactTypes.CONTENT_SIZE)),
        new ImageFacts(
            (int) number(what, annotations.member(ArtifactTypes.FORMAT_VERSION)),
            (int) number(what, annotations.member(ArtifactTypes.PAGE_SIZE)),
            annotations.member(ArtifactTypes.VIEWS).text(),
            annotations.member(ArtifactTypes.IMAGE_ID).present()
                ? annotations.member(ArtifactTypes.IMAGE_ID).digest()
                : null,
            platform == null ? "" : platform));
  }

  private static long number(String what, JsonValue value) throws SourceException {
    String text = value.text();
    if (!text.matches("\\d{1,18}")) {
      throw new SourceException(what + ": " + value.path() + ": expected a number");
    }
    return Long.parseLong(text);
  }
}

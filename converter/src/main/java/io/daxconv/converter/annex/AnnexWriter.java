package io.daxconv.converter.annex;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.Provenance;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one annex as JSON, keys in the order of docs/annex.md, without building a tree of it. */
final class AnnexWriter {
  private final JsonGenerator json;

  AnnexWriter(JsonGenerator json) {
    this.json = json;
  }

  void write(Annex annex) throws IOException {
    json.writeStartObject();
    json.writeStringField("format", AnnexJson.FORMAT);
    json.writeNumberField("version", AnnexJson.VERSION);
    json.writeObjectFieldStart("image");
    image(annex.reference(), annex.imageId(), annex.platform(), annex.diffIds(), annex.config());
    json.writeEndObject();
    source(annex.source());
    images(annex.images());
    mode(annex.mode());
    added(annex.added());
    json.writeObjectFieldStart("left_out");
    json.writeStringField("times", AnnexJson.TIMES);
    xattrs(annex.xattrs());
    specialFiles(annex.specialFiles());
    json.writeEndObject();
    remarks(annex.remarks());
    json.writeEndObject();
    json.flush();
  }

  private void image(
      String reference,
      @Nullable Digest id,
      @Nullable Platform platform,
      List<Digest> diffIds,
      @Nullable JsonNode config)
      throws IOException {
    json.writeStringField("reference", reference);
    digest("id", id);
    if (platform != null) {
      platform(platform);
    }
    digests("diff_ids", diffIds);
    if (config != null) {
      json.writeFieldName("config");
      AnnexJson.MAPPER.writeTree(json, config);
    }
  }

  /** What follows is there only where there is something to say. */
  private void images(List<PackedImage> images) throws IOException {
    if (images.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("images");
    for (PackedImage image : images) {
      json.writeStartObject();
      json.writeStringField("name", image.name());
      json.writeStringField("path", image.path());
      image(image.reference(), image.imageId(), image.platform(), image.diffIds(), image.config());
      source(image.source());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void mode(ImageMode mode) throws IOException {
    if (mode.equals(ImageMode.USUAL)) {
      return;
    }
    json.writeObjectFieldStart("mode");
    json.writeStringField("name", mode.name());
    if (mode.backing() != null) {
      json.writeObjectFieldStart("backing");
      json.writeNumberField("size", mode.backing().size());
      digest("sha256", mode.backing().sha256());
      json.writeEndObject();
    }
    number("align_large", mode.alignLarge());
    number("uid_shift", mode.uidShift());
    json.writeEndObject();
  }

  private void number(String key, long number) throws IOException {
    if (number != 0) {
      json.writeNumberField(key, number);
    }
  }

  private void added(List<AddedPath> paths) throws IOException {
    if (paths.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("added");
    for (AddedPath path : paths) {
      json.writeStartObject();
      json.writeStringField("path", path.path());
      json.writeNumberField("files", path.files());
      json.writeNumberField("size", path.size());
      digest("sha256", path.sha256());
      if (path.source() != null) {
        json.writeStringField("source", path.source());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void platform(Platform platform) throws IOException {
    json.writeObjectFieldStart("platform");
    json.writeStringField("os", platform.os());
    json.writeStringField("architecture", platform.architecture());
    if (platform.variant() != null) {
      json.writeStringField("variant", platform.variant());
    }
    json.writeEndObject();
  }

  private void source(@Nullable Provenance source) throws IOException {
    if (source == null) {
      return;
    }
    json.writeObjectFieldStart("source");
    json.writeStringField("reference", source.reference());
    digest("index_digest", source.indexDigest());
    digest("manifest_digest", source.manifestDigest());
    digests("layer_digests", source.layerDigests());
    json.writeEndObject();
  }

  private void xattrs(List<FileXattrs> files) throws IOException {
    json.writeArrayFieldStart("xattrs");
    for (FileXattrs file : files) {
      json.writeStartObject();
      json.writeStringField("path", file.path());
      json.writeObjectFieldStart("xattrs");
      for (Map.Entry<String, byte[]> xattr : file.xattrs().entrySet()) {
        json.writeBinaryField(xattr.getKey(), xattr.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void specialFiles(List<SpecialFile> files) throws IOException {
    json.writeArrayFieldStart("special_files");
    for (SpecialFile file : files) {
      json.writeStartObject();
      json.writeStringField("path", file.path());
      json.writeStringField("type", file.type());
      json.writeStringField("mode", String.format(Locale.ROOT, "%04o", file.permissions()));
      json.writeNumberField("uid", file.uid());
      json.writeNumberField("gid", file.gid());
      json.writeNumberField("major", file.major());
      json.writeNumberField("minor", file.minor());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void remarks(List<Remark> remarks) throws IOException {
    json.writeArrayFieldStart("remarks");
    for (Remark remark : remarks) {
      json.writeStartObject();
      json.writeStringField("id", remark.id());
      json.writeStringField("path", remark.path());
      json.writeStringField("detail", remark.detail());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void digest(String key, @Nullable Digest digest) throws IOException {
    if (digest != null) {
      json.writeStringField(key, digest.toString());
    }
  }

  private void digests(String key, List<Digest> digests) throws IOException {
    json.writeArrayFieldStart(key);
    for (Digest digest : digests) {
      json.writeString(digest.toString());
    }
    json.writeEndArray();
  }
}

package io.daxconv.converter.annex;

import com.fasterxml.jackson.core.JsonGenerator;
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
    image(annex);
    if (annex.source() != null) {
      source(annex.source());
    }
    json.writeObjectFieldStart("left_out");
    json.writeStringField("times", AnnexJson.TIMES);
    xattrs(annex.xattrs());
    specialFiles(annex.specialFiles());
    json.writeEndObject();
    remarks(annex.remarks());
    json.writeEndObject();
    json.flush();
  }

  private void image(Annex annex) throws IOException {
    json.writeObjectFieldStart("image");
    json.writeStringField("reference", annex.reference());
    digest("id", annex.imageId());
    if (annex.platform() != null) {
      platform(annex.platform());
    }
    digests("diff_ids", annex.diffIds());
    if (annex.config() != null) {
      json.writeFieldName("config");
      AnnexJson.MAPPER.writeTree(json, annex.config());
    }
    json.writeEndObject();
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

  private void source(Provenance source) throws IOException {
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

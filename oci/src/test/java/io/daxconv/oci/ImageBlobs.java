package io.daxconv.oci;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Makes small images: blobs by digest, as a layout or a registry keeps them. */
public final class ImageBlobs {
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";

  private final Map<Digest, byte[]> blobs = new LinkedHashMap<>();

  public ImageBlobs() {}

  /** Everything that was made, by digest. */
  public Map<Digest, byte[]> blobs() {
    return blobs;
  }

  /** Keeps a blob. */
  public Digest add(byte[] bytes) {
    Digest digest = Digest.sha256(bytes);
    blobs.put(digest, bytes);
    return digest;
  }

  /** Keeps a document. */
  public Digest add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A descriptor of a kept blob; {@code more} goes before its closing brace. */
  public String descriptor(String mediaType, Digest digest, String more) {
    byte[] bytes = blobs.get(digest);
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(mediaType, digest, bytes == null ? 0 : bytes.length, more);
  }

  /** A descriptor with a platform. */
  public String descriptor(String mediaType, Digest digest, Platform platform) {
    String variant =
        platform.variant() == null ? "" : ",\"variant\":\"" + platform.variant() + "\"";
    return descriptor(
        mediaType,
        digest,
        ",\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"%s}"
            .formatted(platform.os(), platform.architecture(), variant));
  }

  /** A plain tar of one file. */
  public static byte[] layer(String name, String content) {
    return tar(Map.of(name, content.getBytes(StandardCharsets.UTF_8)));
  }

  /** A plain tar of files. */
  public static byte[] tar(Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  /** A config. */
  public static String config(Platform platform, List<byte[]> layers) {
    List<String> diffIds = new ArrayList<>();
    layers.forEach(layer -> diffIds.add("\"" + Digest.sha256(layer) + "\""));
    String variant =
        platform.variant() == null ? "" : ",\"variant\":\"" + platform.variant() + "\"";
    return """
        {"os":"%s","architecture":"%s"%s,"config":{"Cmd":["/bin/sh"]},\
        "rootfs":{"type":"layers","diff_ids":[%s]}}"""
        .formatted(platform.os(), platform.architecture(), variant, String.join(",", diffIds));
  }

  /** An image of plain layers, oldest first; gives its manifest's digest. */
  public Digest image(Platform platform, byte[]... layers) {
    List<String> descriptors = new ArrayList<>();
    for (byte[] layer : layers) {
      descriptors.add(descriptor(OCI_LAYER, add(layer), ""));
    }
    Digest config = add(config(platform, List.of(layers)));
    return add(manifest(descriptor(OCI_CONFIG, config, ""), descriptors.toArray(String[]::new)));
  }

  /** A manifest of descriptors. */
  public static String manifest(String config, String... layers) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
        .formatted(OCI_MANIFEST, config, String.join(",", layers));
  }

  /** An index of descriptors. */
  public static String index(String... manifests) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
        .formatted(OCI_INDEX, String.join(",", manifests));
  }

  /** The files of a layout with this {@code index.json}. */
  public Map<String, byte[]> layout(String indexJson) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    files.put("index.json", indexJson.getBytes(StandardCharsets.UTF_8));
    blobs.forEach(
        (digest, bytes) -> files.put("blobs/" + digest.toString().replace(':', '/'), bytes));
    return files;
  }

  /** Writes a layout as a directory. */
  public Path writeLayout(Path directory, String indexJson) throws IOException {
    for (Map.Entry<String, byte[]> file : layout(indexJson).entrySet()) {
      Path path = directory.resolve(file.getKey());
      Path parent = path.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.write(path, file.getValue());
    }
    return directory;
  }

  /** An annotation that names an entry of an {@code index.json}. */
  public static String named(String tag) {
    return ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" + tag + "\"}";
  }
}

package io.daxconv.cli.it.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.daxconv.converter.source.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes OCI layouts with one image, tagged {@code latest} (image-spec image-layout.md). */
public final class Layout {
  private static final String TYPE = "application/vnd.oci.image.";

  private Layout() {}

  /** Writes the image of these layers; it is for linux/amd64. */
  public static void write(Stack stack, Path directory) throws IOException {
    write(stack.tars(), stack.gzip(), directory);
  }

  /** The same of tars. */
  public static void write(List<byte[]> tars, boolean gzipped, Path directory) throws IOException {
    Path blobs = Files.createDirectories(directory.resolve("blobs/sha256"));
    List<String> layers = new ArrayList<>();
    List<String> diffIds = new ArrayList<>();
    for (byte[] tar : tars) {
      String type = TYPE + (gzipped ? "layer.v1.tar+gzip" : "layer.v1.tar");
      layers.add(blob(blobs, type, gzipped ? gzip(tar) : tar, ""));
      diffIds.add("\"" + Digest.sha256(tar) + "\"");
    }
    String config =
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}"
            .formatted(String.join(",", diffIds));
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%smanifest.v1+json\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                TYPE,
                blob(blobs, TYPE + "config.v1+json", config.getBytes(UTF_8), ""),
                String.join(",", layers));
    String named = ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"latest\"}";
    String descriptor = blob(blobs, TYPE + "manifest.v1+json", manifest.getBytes(UTF_8), named);
    Files.writeString(
        directory.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":[" + descriptor + "]}");
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
  }

  /** Puts what an index has into another one, so many times. */
  public static void nest(Path directory, int times) throws IOException {
    Path index = directory.resolve("index.json");
    for (int i = 0; i < times; i++) {
      byte[] inner = Files.readAllBytes(index);
      String named = ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"latest\"}";
      Files.writeString(
          index,
          "{\"schemaVersion\":2,\"manifests\":["
              + blob(directory.resolve("blobs/sha256"), TYPE + "index.v1+json", inner, named)
              + "]}");
    }
  }

  private static String blob(Path blobs, String type, byte[] bytes, String more)
      throws IOException {
    Digest digest = Digest.sha256(bytes);
    Files.write(blobs.resolve(digest.hex()), bytes);
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(type, digest, bytes.length, more);
  }

  private static byte[] gzip(byte[] tar) throws IOException {
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(blob)) {
      gzip.write(tar);
    }
    return blob.toByteArray();
  }
}

package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * A layout with an image large enough to be hit while it is converted, and what it must become.
 *
 * @param layout the OCI layout, tagged {@code latest}
 * @param layers the layers' digests, oldest first
 * @param expected the converted image
 */
record FaultImage(Path layout, Digest manifest, List<Digest> layers, Path expected) {
  static final int LAYER_BYTES = 2 << 20;
  private static final String TYPE = "application/vnd.oci.image.";

  /** Makes it, the same each time, in a directory of its own. */
  static FaultImage make(Path directory) throws IOException {
    return make(directory, LAYER_BYTES, false);
  }

  /** Makes a smaller one with layers in gzip, which come to a little more than these bytes each. */
  static FaultImage gzipped(Path directory, int layerBytes) throws IOException {
    return make(directory, layerBytes, true);
  }

  private static FaultImage make(Path directory, int layerBytes, boolean gzip) throws IOException {
    Path layout = directory.resolve("layout");
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    SplittableRandom random = new SplittableRandom(5);
    List<Digest> layers = new ArrayList<>();
    List<String> diffIds = new ArrayList<>();
    List<String> descriptors = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      byte[] data = new byte[layerBytes];
      random.nextBytes(data);
      byte[] tar =
          TarBuilder.tar()
              .add(new TarEntry('0', "data" + i).data(data))
              .file("name", "of layer " + i)
              .build();
      byte[] blob = gzip ? gzip(tar) : tar;
      diffIds.add("\"" + Digest.sha256(tar) + "\"");
      layers.add(write(blobs, blob));
      descriptors.add(
          descriptor(gzip ? "layer.v1.tar+gzip" : "layer.v1.tar", layers.getLast(), blob));
    }
    byte[] config =
        ascii(
            "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\","
                + "\"diff_ids\":[%s]}}".formatted(String.join(",", diffIds)));
    byte[] manifest =
        ascii(
            "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}"
                .formatted(
                    descriptor("config.v1+json", write(blobs, config), config),
                    String.join(",", descriptors)));
    Digest digest = write(blobs, manifest);
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.writeString(
        layout.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":[%s]}"
            .formatted(descriptor("manifest.v1+json", digest, manifest)));
    FaultImage image =
        new FaultImage(layout, digest, List.copyOf(layers), directory.resolve("expected.daxfs"));
    Path home = directory.resolve("home");
    Daxconv.run(home, "convert", "-q", image.reference(), "-o", image.expected + "").output();
    Daxconv.run(home, "verify", "--against", image.reference(), image.expected + "").output();
    return image;
  }

  private static byte[] gzip(byte[] tar) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(tar);
    }
    return bytes.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Digest write(Path blobs, byte[] bytes) throws IOException {
    Digest digest = Digest.sha256(bytes);
    Files.write(blobs.resolve(digest.hex()), bytes);
    return digest;
  }

  private static String descriptor(String type, Digest digest, byte[] bytes) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(TYPE + type, digest, bytes.length);
  }

  String reference() {
    return "oci:" + layout;
  }

  Path blob(Digest digest) {
    return layout.resolve("blobs/sha256").resolve(digest.hex());
  }

  /** Whether a file is there; if it is, it must be the whole image. */
  boolean isWhole(Path output) throws IOException {
    if (Files.notExists(output)) {
      return false;
    }
    assertThat(Files.mismatch(output, expected)).as("where the output differs").isEqualTo(-1);
    return true;
  }

  /** The names in a directory; none if it is not there. */
  static List<String> names(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The blobs in a cache, and what is left of others. */
  static List<String> cached(Path cache) throws IOException {
    return names(cache.resolve("blobs/sha256"));
  }
}

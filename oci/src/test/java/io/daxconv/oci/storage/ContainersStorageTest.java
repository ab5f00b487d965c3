package io.daxconv.oci.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.oci.ImageBlobs;
import io.daxconv.oci.ImageSources;
import io.daxconv.oci.SourceOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A storage of one image with one layer, written as podman writes it. */
class ContainersStorageTest {
  private static final String LAYER = "a".repeat(64);
  private static final int HEADER = 512;

  @TempDir Path temp;
  private final byte[] layer = ImageBlobs.layer("d/\u00e9", "bytes");
  private String id = "";

  private void write(String path, byte[] bytes) throws IOException {
    Path file = temp.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String segment(byte[] bytes, int from, int to) {
    return "{\"type\":2,\"payload\":\"%s\"}\n"
        .formatted(Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, from, to)));
  }

  @BeforeEach
  void makeStorage() throws IOException {
    byte[] config = utf8(ImageBlobs.config(new Platform("linux", "amd64", null), List.of(layer)));
    Digest digest = Digest.sha256(config);
    id = digest.hex();
    write(
        "overlay-images/images.json",
        utf8(
            "[{\"id\":\"%s\",\"names\":[\"docker.io/library/r:latest\"],\"layer\":\"%s\"}]"
                .formatted(id, LAYER)));
    write(
        "overlay-images/" + id + "/manifest",
        utf8("{\"config\":{\"digest\":\"%s\"}}".formatted(digest)));
    write(
        "overlay-images/" + id + "/=" + Base64.getEncoder().encodeToString(utf8("sha256:" + id)),
        config);
    write("overlay-layers/layers.json", utf8("[{\"id\":\"%s\"}]".formatted(LAYER)));
    tarSplit("d/\u00e9");
    write("overlay/" + LAYER + "/diff/d/file", utf8("bytes"));
  }

  private void tarSplit(String name) throws IOException {
    String json =
        segment(layer, 0, HEADER)
            + "{\"type\":1,\"name\":\"%s\",\"size\":5,\"payload\":\"\"}\n".formatted(name)
            + segment(layer, HEADER + 5, layer.length);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(utf8(json));
    }
    write("overlay-layers/" + LAYER + ".tar-split.gz", bytes.toByteArray());
  }

  private byte[] read(String reference) throws IOException {
    SourceOptions options = SourceOptions.builder(Map.of(), temp).build();
    try (SourceImage image =
            ImageSources.open(
                "containers-storage:[overlay@" + temp + "+/run]" + reference, options);
        InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      return in.readAllBytes();
    }
  }

  @Test
  void putsTheTarTogetherAgain() throws IOException {
    tarSplit("./d//file");
    assertThat(read("r")).isEqualTo(layer);
    assertThat(read(id.substring(0, 12))).isEqualTo(layer);
  }

  @Test
  void saysWhatIsNotThere() {
    assertThatThrownBy(() -> read("other"))
        .hasMessageEndingWith("expected an image \"other\" in \"" + temp + "\", found none");
    assertThatThrownBy(() -> read("r"))
        .hasMessage("containers-storage: d/%C3%A9: expected a file, found nothing");
  }

  @Test
  void isNotLedOutOfTheLayer() throws IOException {
    Path secret = Files.writeString(temp.resolve("secret"), "bytes");
    Path diff = temp.resolve("overlay/" + LAYER + "/diff");
    Files.createSymbolicLink(diff.resolve("link"), secret);
    Files.createSymbolicLink(diff.resolve("up"), temp);

    tarSplit("../../../secret");
    assertThatThrownBy(() -> read("r")).hasMessageContaining("expected a name below");
    tarSplit("link");
    assertThatThrownBy(() -> read("r")).hasMessageContaining("found something else");
    tarSplit("up/secret");
    assertThatThrownBy(() -> read("r")).hasMessageContaining("expected directories above");
  }

  @Test
  void aFileThatHasBecomeShorterIsNamed() throws IOException {
    tarSplit("d/file");
    write("overlay/" + LAYER + "/diff/d/file", utf8("byt"));
    assertThatThrownBy(() -> read("r"))
        .hasMessage("containers-storage: d/file: expected 2 bytes more, found its end");
  }
}

package io.daxconv.oci.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.oci.ImageBlobs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerArchiveTest {
  private static final Platform AMD64 = new Platform("linux", "amd64", null);

  @TempDir Path temp;
  private final byte[] layer = ImageBlobs.layer("a", "b");
  private final byte[] config =
      ImageBlobs.config(AMD64, List.of(layer)).getBytes(StandardCharsets.UTF_8);
  private final String hex = Digest.sha256(config).hex();
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private Path file = Path.of("set before each test");

  @BeforeEach
  void setFile() {
    file = temp.resolve("saved.tar");
    files.put(hex + ".json", config);
    files.put("one/layer.tar", layer);
  }

  private void manifest(String json) {
    files.put("manifest.json", json.getBytes(StandardCharsets.UTF_8));
  }

  private String entry(String tags, String layerPath) {
    return "{\"Config\":\"%s.json\",\"RepoTags\":%s,\"Layers\":[\"%s\"]}"
        .formatted(hex, tags, layerPath);
  }

  private SourceImage open(@Nullable String reference) throws IOException {
    if (!Files.exists(file)) {
      Files.write(file, ImageBlobs.tar(files));
    }
    return DockerArchive.open(file, reference, null, Budgets.DEFAULT);
  }

  private static byte[] bytes(SourceImage image) throws IOException {
    try (InputStream in = ((TarLayer) image.layers().getFirst()).blob().open()) {
      return in.readAllBytes();
    }
  }

  @Test
  void readsTheOnlyImage() throws IOException {
    manifest("[" + entry("null", "one/layer.tar") + "]");

    try (SourceImage image = open(null)) {
      assertThat(image.provenance().manifestDigest()).isNull();
      assertThat(image.provenance().layerDigests()).isEmpty();
      TarLayer first = (TarLayer) image.layers().getFirst();
      assertThat(first.digest()).isNull();
      assertThat(first.diffId()).isEqualTo(Digest.sha256(layer));
      assertThat(first.size()).isEqualTo(layer.length);
      assertThat(bytes(image)).isEqualTo(layer);
    }
  }

  @Test
  void takesTheDigestFromABlobsName() throws IOException {
    String path = "blobs/sha256/" + Digest.sha256(layer).hex();
    files.put(path, layer);
    manifest("[" + entry("null", path) + "]");

    try (SourceImage image = open(null)) {
      assertThat(image.provenance().layerDigests()).containsExactly(Digest.sha256(layer));
      assertThat(((TarLayer) image.layers().getFirst()).digest()).isEqualTo(Digest.sha256(layer));
    }
  }

  @Test
  void findsAnImageByAnyFormOfItsName() throws IOException {
    manifest(
        "["
            + entry("[\"debian:12\",\"debian:bookworm\"]", "one/layer.tar")
            + ","
            + entry("[\"docker.io/library/busybox:latest\"]", "one/layer.tar")
            + "]");

    open("docker.io/library/debian:12").close();
    open("debian:bookworm").close();
    open("busybox").close();
    assertThatThrownBy(() -> open("debian"))
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "docker-archive:"
                + file
                + ": no image \"debian\"; it has \"debian:12\", \"debian:bookworm\","
                + " \"docker.io/library/busybox:latest\"");
    assertThatThrownBy(() -> open(null))
        .hasMessageContaining(": which image is meant is not said; it has \"debian:12\"");
  }

  @Test
  void refusesAConfigThatIsNotItsName() {
    files.put(hex + ".json", "{}".getBytes(StandardCharsets.UTF_8));
    manifest("[" + entry("null", "one/layer.tar") + "]");

    assertThatThrownBy(() -> open(null))
        .hasMessage(
            "docker-archive:%s: config: expected digest sha256:%s, found %s"
                .formatted(file, hex, Digest.sha256("{}".getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void followsLinksInsideTheArchive() throws IOException {
    manifest("[" + entry("null", "three/layer.tar") + "]");
    writeWithLinks("two/layer.tar", "../one/layer.tar", "three/layer.tar", "two/layer.tar");

    try (SourceImage image = open(null)) {
      assertThat(bytes(image)).isEqualTo(layer);
    }
  }

  @Test
  void endsInLinksThatGoRound() throws IOException {
    manifest("[" + entry("null", "three/layer.tar") + "]");
    writeWithLinks("two/layer.tar", "../three/layer.tar", "three/layer.tar", "two/layer.tar");

    assertThatThrownBy(() -> open(null))
        .hasMessage(
            "docker-archive:%s: \"three/layer.tar\": more than 16 links in a row".formatted(file));
  }

  @Test
  void refusesAnArchiveThatIsCutShort() throws IOException {
    manifest("[" + entry("null", "one/layer.tar") + "]");
    byte[] tar = ImageBlobs.tar(files);
    Files.write(file, java.util.Arrays.copyOf(tar, 3000));

    assertThatThrownBy(() -> open(null))
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith("docker-archive:" + file + ": ");
  }

  @Test
  void refusesWhatIsNoArchive() throws IOException {
    Files.write(file, "no archive at all".repeat(100).getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> open(null))
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith("docker-archive:" + file + ": not a tar archive");
  }

  private void writeWithLinks(String symlink, String to, String hardLink, String target)
      throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (Map.Entry<String, byte[]> each : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry("./" + each.getKey());
        entry.setSize(each.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(each.getValue());
        tar.closeArchiveEntry();
      }
      link(tar, symlink, TarConstants.LF_SYMLINK, to);
      link(tar, hardLink, TarConstants.LF_LINK, target);
    }
  }

  private static void link(TarArchiveOutputStream tar, String name, byte type, String target)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }
}

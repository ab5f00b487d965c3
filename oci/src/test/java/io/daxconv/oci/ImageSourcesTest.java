package io.daxconv.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.DirectoryLayer;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSourcesTest {
  private static final Platform AMD64 = new Platform("linux", "amd64", null);
  private static final Platform ARM64 = new Platform("linux", "arm64", null);

  @TempDir Path temp;
  private final ImageBlobs images = new ImageBlobs();
  private final byte[] lower = ImageBlobs.layer("a", "lower");
  private final byte[] upper = ImageBlobs.layer("b", "upper");
  private SourceOptions.Builder options = SourceOptions.builder(Map.of(), Path.of("/nonexistent"));

  @BeforeEach
  void setOptions() {
    options = SourceOptions.builder(Map.of(), temp).platform(AMD64);
  }

  private SourceImage open(String image) throws IOException {
    return ImageSources.open(image, options.build());
  }

  private static byte[] bytes(SourceImage image, int layer) throws IOException {
    try (InputStream in = ((TarLayer) image.layers().get(layer)).blob().open()) {
      return in.readAllBytes();
    }
  }

  private String entry(Digest manifest, String more) {
    return images.descriptor(ImageBlobs.OCI_MANIFEST, manifest, more);
  }

  @Test
  void readsAnImageOfALayout() throws IOException {
    Digest manifest = images.image(AMD64, lower, upper);
    Path layout = images.writeLayout(temp.resolve("l"), ImageBlobs.index(entry(manifest, "")));

    try (SourceImage image = open("oci:" + layout)) {
      assertThat(image.provenance().reference()).isEqualTo("oci:" + layout);
      assertThat(image.provenance().manifestDigest()).isEqualTo(manifest);
      assertThat(image.provenance().indexDigest()).isNull();
      assertThat(image.provenance().layerDigests())
          .containsExactly(Digest.sha256(lower), Digest.sha256(upper));
      ImageConfig config = Objects.requireNonNull(image.config());
      assertThat(config.platform()).isEqualTo(AMD64);
      assertThat(config.json().path("config").path("Cmd").path(0).textValue()).isEqualTo("/bin/sh");
      assertThat(config.diffIds()).containsExactly(Digest.sha256(lower), Digest.sha256(upper));
      assertThat(image.layers().get(1).label())
          .isEqualTo("layer 2 of 2 (sha256:" + Digest.sha256(upper).brief() + ")");
      assertThat(((TarLayer) image.layers().get(1)).size()).isEqualTo(upper.length);
      assertThat(bytes(image, 0)).isEqualTo(lower);
      assertThat(bytes(image, 1)).isEqualTo(upper);
      assertThat(bytes(image, 1)).isEqualTo(upper);
    }
  }

  @Test
  void choosesAnImageOfALayoutByItsTag() throws IOException {
    Digest one = images.image(AMD64, lower);
    Digest two = images.image(AMD64, upper);
    Path layout =
        images.writeLayout(
            temp.resolve("with:colon"),
            ImageBlobs.index(
                entry(one, ImageBlobs.named("one")), entry(two, ImageBlobs.named("latest"))));

    try (SourceImage tagged = open("oci:" + layout + ":one");
        SourceImage latest = open("oci:" + layout)) {
      assertThat(tagged.provenance().manifestDigest()).isEqualTo(one);
      assertThat(latest.provenance().manifestDigest()).isEqualTo(two);
    }
    assertThatThrownBy(() -> open("oci:" + layout + ":three"))
        .isInstanceOf(SourceException.class)
        .hasMessage("oci:" + layout + ": no image \"three\"; it has \"one\", \"latest\"");
  }

  @Test
  void tellsTheTagsIfNoneIsMeant() throws IOException {
    Digest one = images.image(AMD64, lower);
    Path layout =
        images.writeLayout(
            temp.resolve("l"),
            ImageBlobs.index(
                entry(one, ImageBlobs.named("one")), entry(one, ImageBlobs.named("two"))));

    assertThatThrownBy(() -> open("oci:" + layout))
        .hasMessage(
            "oci:" + layout + ": which image is meant is not said; it has \"one\", \"two\"");
  }

  @Test
  void readsALayoutInAnArchiveWithoutExtractingIt() throws IOException {
    Digest manifest = images.image(AMD64, lower, upper);
    Path file = temp.resolve("image.tar");
    Files.write(file, ImageBlobs.tar(images.layout(ImageBlobs.index(entry(manifest, "")))));

    try (SourceImage image = open("oci-archive:" + file)) {
      assertThat(image.provenance().manifestDigest()).isEqualTo(manifest);
      try (InputStream first = ((TarLayer) image.layers().get(0)).blob().open();
          InputStream second = ((TarLayer) image.layers().get(1)).blob().open()) {
        assertThat(first.readNBytes(100)).isEqualTo(java.util.Arrays.copyOf(lower, 100));
        assertThat(second.readAllBytes()).isEqualTo(upper);
        assertThat(first.readAllBytes()).hasSize(lower.length - 100);
      }
    }
  }

  @Test
  void refusesACompressedArchive() throws IOException {
    Path file = temp.resolve("image.tar.gz");
    Files.write(file, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0});

    assertThatThrownBy(() -> open("docker-archive:" + file))
        .hasMessage(
            "docker-archive:"
                + file
                + ": a compressed archive, which cannot be read in place: decompress it first");
  }

  @Test
  void refusesABlobThatIsNotItsDigest() throws IOException {
    Digest manifest = images.image(AMD64, lower);
    Path layout = images.writeLayout(temp.resolve("l"), ImageBlobs.index(entry(manifest, "")));
    Path blob = layout.resolve("blobs/sha256/" + manifest.hex());
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length - 1] = ' ';
    Files.write(blob, bytes);

    assertThatThrownBy(() -> open("oci:" + layout))
        .hasMessage(
            "manifest %s: expected digest %s, found %s"
                .formatted(manifest, manifest, Digest.sha256(bytes)));
    Files.write(blob, new byte[9]);
    assertThatThrownBy(() -> open("oci:" + layout))
        .hasMessage("manifest %s: expected %d bytes, found 9".formatted(manifest, bytes.length));
  }

  @Test
  void refusesAnImageForAnotherPlatformThanWasAskedFor() throws IOException {
    Digest manifest = images.image(ARM64, lower);
    Path layout = images.writeLayout(temp.resolve("l"), ImageBlobs.index(entry(manifest, "")));

    assertThatThrownBy(() -> open("oci:" + layout))
        .hasMessage("image " + manifest + ": expected platform linux/amd64, found linux/arm64");
    options.platform(null);
    try (SourceImage image = open("oci:" + layout)) {
      assertThat(image.config()).isNotNull();
    }
  }

  @Test
  void refusesADirectoryThatIsNoLayout() {
    assertThatThrownBy(() -> open("oci:" + temp))
        .hasMessage("oci:" + temp + ": not an OCI layout: expected a file oci-layout, found none");
    assertThatThrownBy(() -> open("oci:" + temp + "/none:x"))
        .hasMessage("oci:" + temp + "/none:x: expected a directory, found nothing");
  }

  @Test
  void takesADirectoryAsTheOnlyLayer() throws IOException {
    try (SourceImage image = open("dir:" + temp)) {
      assertThat(image.config()).isNull();
      assertThat(image.layers()).containsExactly(new DirectoryLayer("dir:" + temp, temp));
    }
    assertThatThrownBy(() -> open("dir:" + temp + "/none"))
        .hasMessage("dir:" + temp + "/none: expected a directory, found nothing");
  }

  @Test
  void takesATarAsTheOnlyLayer() throws IOException {
    Path file = temp.resolve("root.tar");
    Files.write(file, lower);

    try (SourceImage image = open("tar:" + file)) {
      TarLayer layer = (TarLayer) image.layers().getFirst();
      assertThat(layer.digest()).isNull();
      assertThat(layer.diffId()).isNull();
      assertThat(layer.size()).isEqualTo(-1);
      assertThat(bytes(image, 0)).isEqualTo(lower);
    }
  }

  @Test
  void readsStandardInputOnce() throws IOException {
    options.standardInput(new ByteArrayInputStream(lower));

    try (SourceImage image = open("tar:-")) {
      assertThat(bytes(image, 0)).isEqualTo(lower);
      assertThatThrownBy(() -> bytes(image, 0))
          .isInstanceOf(SourceException.class)
          .hasMessage("tar:-: standard input can be read only once");
    }
  }
}

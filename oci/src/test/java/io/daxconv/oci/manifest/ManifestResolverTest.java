package io.daxconv.oci.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.BudgetException;
import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.ImageBlobs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestResolverTest {
  private static final Platform AMD64 = new Platform("linux", "amd64", null);
  private static final Platform ARM64 = new Platform("linux", "arm64", "v8");

  private final ImageBlobs images = new ImageBlobs();
  private final byte[] layer = ImageBlobs.layer("a", "b");
  private int fetched;

  private final DocumentSource documents =
      new DocumentSource() {
        @Override
        public byte[] manifest(String what, Descriptor descriptor) throws IOException {
          fetched++;
          byte[] bytes = images.blobs().getOrDefault(descriptor.digest(), new byte[0]);
          return Arrays.copyOf(
              bytes, Math.min(bytes.length, descriptor.readLimit(what, Budgets.DEFAULT)));
        }

        @Override
        public byte[] config(String what, Descriptor descriptor) throws IOException {
          return manifest(what, descriptor);
        }
      };

  private ResolvedManifest resolve(Digest root, @Nullable Platform asked) throws IOException {
    byte[] bytes = images.blobs().getOrDefault(root, new byte[0]);
    return new ManifestResolver(documents, asked, Budgets.DEFAULT)
        .resolve(Descriptor.of("", root, bytes.length));
  }

  private Digest index(String... entries) {
    return images.add(ImageBlobs.index(entries));
  }

  @Test
  void choosesFromAnIndexAndRemembersIt() throws IOException {
    Digest amd64 = images.image(AMD64, layer);
    Digest arm64 = images.image(ARM64, layer);
    Digest index =
        index(
            images.descriptor(ImageBlobs.OCI_MANIFEST, amd64, AMD64),
            images.descriptor(ImageBlobs.OCI_MANIFEST, arm64, ARM64));

    ResolvedManifest resolved = resolve(index, ARM64);

    assertThat(resolved.indexDigest()).isEqualTo(index);
    assertThat(resolved.manifestDigest()).isEqualTo(arm64);
    assertThat(resolved.config().platform()).isEqualTo(ARM64);
  }

  @Test
  void followsAnIndexInAnIndex() throws IOException {
    Digest image = images.image(AMD64, layer);
    Digest inner = index(images.descriptor(ImageBlobs.OCI_MANIFEST, image, AMD64));
    Digest outer = index(images.descriptor(ImageBlobs.OCI_INDEX, inner, ""));

    ResolvedManifest resolved = resolve(outer, AMD64);

    assertThat(resolved.indexDigest()).isEqualTo(outer);
    assertThat(resolved.manifestDigest()).isEqualTo(image);
  }

  @Test
  void endsInIndexesThatNestTooDeep() {
    Digest at = images.image(AMD64, layer);
    String type = ImageBlobs.OCI_MANIFEST;
    for (int i = 0; i < 100; i++) {
      at = index(images.descriptor(type, at, ""));
      type = ImageBlobs.OCI_INDEX;
    }
    Digest outermost = at;

    assertThatThrownBy(() -> resolve(outermost, AMD64))
        .isInstanceOf(BudgetException.class)
        .hasMessage("index " + outermost + ": expected at most 4 indexes in each other, found 5");
    assertThat(fetched).isEqualTo(5);
  }

  @Test
  void refusesTenThousandLayersBeforeItReadsTheConfig() {
    String one = images.descriptor(ImageBlobs.OCI_LAYER, images.add(layer), "");
    String config = images.descriptor(ImageBlobs.OCI_CONFIG, Digest.sha256(new byte[0]), "");
    Digest manifest =
        images.add(
            ImageBlobs.manifest(config, Collections.nCopies(10_000, one).toArray(String[]::new)));

    assertThatThrownBy(() -> resolve(manifest, null))
        .hasMessage("manifest " + manifest + ": expected at most 500 layers, found 10000");
    assertThat(fetched).isOne();
  }

  @Test
  void refusesALayerThatSaysItIsHugeBeforeAnybodyFetchesIt() {
    Digest config = images.add(ImageBlobs.config(AMD64, List.of(layer)));
    Digest blob = Digest.sha256(layer);
    String huge =
        images
            .descriptor(ImageBlobs.OCI_LAYER, blob, "")
            .replace("\"size\":0", "\"size\":" + Long.MAX_VALUE);
    Digest manifest =
        images.add(ImageBlobs.manifest(images.descriptor(ImageBlobs.OCI_CONFIG, config, ""), huge));

    assertThatThrownBy(() -> resolve(manifest, null))
        .isInstanceOf(BudgetException.class)
        .hasMessage(
            "layer 1 of 1 (sha256:"
                + blob.brief()
                + "): expected at most 68719476736 bytes in one layer's blob, found "
                + Long.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"schemaVersion":1,"name":"x"} | a Docker schema 1 manifest, which is not read: push the image again with a current tool
          {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v1+prettyjws"} | a Docker schema 1 manifest, which is not read: push the image again with a current tool
          {"schemaVersion":3,"layers":[]} | schemaVersion: expected 2
          {"mediaType":"text/x","layers":[]} | expected an image manifest or index, found type "text/x"
          {"schemaVersion":2,"manifests":[],"layers":[]} | an index that also has layers
          {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","manifests":[]} | a manifest that also has manifests
          {"schemaVersion":2} | config: expected an object, found nothing
          {"schemaVersion":2,"schemaVersion":2} | not valid JSON: a field occurs twice at line 1, column 35
          {"schemaVersion":2 | not valid JSON: it ends too early at line 1, column 19
          {"layers":[],"config":{"digest":"sha256:0","size":1}} | config.digest: digest: expected sha256:<64 hex digits> or sha512:<128>, found "sha256:0"
          {"layers":{},"config":{"digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0}} | layers: expected an array, found object
          {"layers":[],"config":{"digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":-1}} | config.size: expected a number of bytes, found number
          [] | expected an object, found array
          """)
  void refusesWhatIsNoManifest(String document, String complaint) {
    Digest digest = images.add(document);

    assertThatThrownBy(() -> resolve(digest, AMD64))
        .isInstanceOf(SourceException.class)
        .hasMessage("manifest " + digest + ": " + complaint);
  }

  @Test
  void refusesWhatNestsTooDeep() {
    Digest digest = images.add("[".repeat(100) + "]".repeat(100));

    assertThatThrownBy(() -> resolve(digest, AMD64))
        .hasMessageContaining("it nests too deep, or a value is too long");
  }

  @Test
  void refusesADocumentThatSaysItIsHuge() {
    Digest digest = images.add("{}");

    assertThatThrownBy(
            () ->
                new ManifestResolver(documents, null, Budgets.DEFAULT)
                    .resolve(Descriptor.of("", digest, Long.MAX_VALUE)))
        .hasMessage(
            "manifest %s, by its descriptor: expected at most 4194304 bytes in a manifest, index or config, found %d"
                .formatted(digest, Long.MAX_VALUE));
  }

  @Test
  void refusesAsManyLayersAsThereAreNoDiffIds() {
    String one = images.descriptor(ImageBlobs.OCI_LAYER, images.add(layer), "");
    Digest config = images.add(ImageBlobs.config(AMD64, List.of(layer)));
    Digest manifest =
        images.add(
            ImageBlobs.manifest(images.descriptor(ImageBlobs.OCI_CONFIG, config, ""), one, one));

    assertThatThrownBy(() -> resolve(manifest, null))
        .hasMessage(
            "manifest "
                + manifest
                + ": expected as many layers as its config has diff_ids (1), found 2");
  }

  @Test
  void refusesAnArtifact() {
    Digest config = images.add("{}");
    Digest manifest =
        images.add(
            ImageBlobs.manifest(
                images.descriptor("application/vnd.cncf.helm.config.v1+json", config, "")));

    assertThatThrownBy(() -> resolve(manifest, null))
        .hasMessage(
            "manifest "
                + manifest
                + ": expected a container image, found an artifact of type"
                + " \"application/vnd.cncf.helm.config.v1+json\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.oci.image.layer.v1.tar",
        "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.oci.image.layer.v1.tar+zstd",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.docker.image.rootfs.diff.tar",
        "application/vnd.docker.image.rootfs.diff.tar.gzip",
        "application/vnd.docker.image.rootfs.diff.tar.zstd",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
      })
  void takesTheMediaTypesOfLayers(String mediaType) throws IOException {
    assertThat(resolve(imageWithLayerOf(mediaType), null).layers()).hasSize(1);
  }

  @Test
  void refusesOtherMediaTypesOfLayers() {
    String label = "layer 1 of 1 (sha256:" + Digest.sha256(layer).brief() + "): ";

    assertThatThrownBy(() -> resolve(imageWithLayerOf("application/vnd.in-toto+json"), null))
        .hasMessage(
            label + "expected the media type of a layer, found \"application/vnd.in-toto+json\"");
    assertThatThrownBy(
            () ->
                resolve(
                    imageWithLayerOf("application/vnd.oci.image.layer.v1.tar+gzip+encrypted"),
                    null))
        .hasMessage(
            label
                + "it is encrypted"
                + " (\"application/vnd.oci.image.layer.v1.tar+gzip+encrypted\")");
  }

  private Digest imageWithLayerOf(String mediaType) {
    Digest config = images.add(ImageBlobs.config(AMD64, List.of(layer)));
    return images.add(
        ImageBlobs.manifest(
            images.descriptor(ImageBlobs.OCI_CONFIG, config, ""),
            images.descriptor(mediaType, images.add(layer), "")));
  }

  @Test
  void holdsADocumentToItsDescriptorsType() {
    byte[] bytes = ImageBlobs.index().getBytes(StandardCharsets.UTF_8);
    Digest index = images.add(bytes);
    Digest outer = index(images.descriptor(ImageBlobs.OCI_MANIFEST, index, AMD64));

    assertThatThrownBy(() -> resolve(outer, AMD64))
        .hasMessage(
            "manifest %s: mediaType: expected %s, found \"%s\""
                .formatted(index, ImageBlobs.OCI_MANIFEST, ImageBlobs.OCI_INDEX));
  }
}

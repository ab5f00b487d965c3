package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.oci.ImageBlobs;
import io.daxconv.oci.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Layers that are read straight from a registry and kept nowhere. */
@Timeout(60)
class BlobStreamTest {
  @TempDir Path temp;
  private final OneLayerRegistry registry = new OneLayerRegistry();

  BlobStreamTest() throws IOException {}

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private SourceImage open(int retries) throws IOException {
    return registry.open(temp, false, retries);
  }

  private byte[] pull(int retries) throws IOException {
    return registry.pull(temp, false, retries);
  }

  @Test
  void isWhatTheRegistryHasAndNothingIsKept() throws IOException {
    assertThat(pull(0)).isEqualTo(registry.layer);
    assertThat(registry.asked("range")).containsExactly("-");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void isNotAskedForBeforeItIsRead() throws IOException {
    try (SourceImage image = open(0)) {
      assertThat(image.layers()).hasSize(1);
      assertThat(registry.asked("range")).isEmpty();
    }
  }

  @Test
  void goesOnWhereAnAnswerBrokeOffHoweverOften() throws IOException {
    registry.breaksOffAfter(400_000);

    assertThat(pull(1)).isEqualTo(registry.layer);
    assertThat(registry.asked("range"))
        .hasSizeBetween(8, 16)
        .startsWith("-")
        .doesNotHaveDuplicates();
  }

  @Test
  void passesOverWhatItHasWhereThereAreNoRanges() throws IOException {
    AtomicInteger tries = registry.breaksOffOnceAndKnowsNoRanges();

    assertThat(pull(1)).isEqualTo(registry.layer);
    assertThat(tries).hasValue(2);
  }

  @Test
  void doesNotBelieveAnotherRangeThanItAskedFor() throws IOException {
    registry.breaksOffOnceAndAnswersAnotherRange();

    assertThat(pull(3)).isEqualTo(registry.layer);
    assertThat(registry.asked("range")).hasSize(3).last().isEqualTo("-");
  }

  @Test
  void givesUpOnARegistryThatSendsAFewBytesAtATime() {
    registry.breaksOffAfter(1000);

    assertThatThrownBy(() -> pull(4))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("the answer broke off");
    assertThat(registry.asked("range")).hasSize(5);
  }

  @Test
  void asksForItAgainWhenItIsReadAgain() throws IOException {
    try (SourceImage image = open(0)) {
      for (int i = 0; i < 2; i++) {
        try (InputStream in = OneLayerRegistry.layerOf(image)) {
          assertThat(in.readAllBytes()).isEqualTo(registry.layer);
        }
      }
    }
    assertThat(registry.asked("range")).containsExactly("-", "-");
  }

  @Test
  void isHeldToItsDigestByWhoeverConvertsIt() throws IOException {
    byte[] right = ImageBlobs.layer("a", "b");
    registry.serve(registry.images.image(OneLayerRegistry.AMD64, right));
    byte[] wrong = right.clone();
    wrong[right.length - 1] ^= 1;
    registry.server.on(
        "/v2/a/b/blobs/" + Digest.sha256(right), (request, answer) -> answer.send(200, wrong));
    Path output = temp.resolve("image.daxfs");

    try (SourceImage source = open(0)) {
      assertThatThrownBy(
              () ->
                  Converter.convert(
                      source, output, ConversionOptions.DEFAULT, ConversionListener.NONE))
          .isInstanceOf(DaxconvException.class)
          .hasMessageContaining("expected digest " + Digest.sha256(right) + ", found ");
    }
    assertThat(temp).isEmptyDirectory();
  }
}

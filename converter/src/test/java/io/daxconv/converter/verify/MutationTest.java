package io.daxconv.converter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.ImageBuilder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random changes to an image are found or harmless, and never more than that. */
class MutationTest {
  private static final byte[] ANNEX =
      AnnexJson.toBytes(
          new Annex("a", null, null, List.of(), null, null, List.of(), List.of(), List.of()));
  private static final int CHANGES = 3000;

  @ParameterizedTest
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @ValueSource(longs = {1, 2})
  void neverThrowsAndAlwaysEnds(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] sound =
        (seed == 1 ? ImageBuilder.sample() : ImageBuilder.sample().split())
            .annex(ANNEX)
            .build()
            .toArray();
    for (int i = 0; i < CHANGES; i++) {
      check(changed(sound, random));
    }
  }

  /** Up to four bytes of the metadata get values that are likely to hurt. */
  private static byte[] changed(byte[] sound, SplittableRandom random) {
    byte[] image = sound.clone();
    int changes = random.nextInt(1, 5);
    for (int i = 0; i < changes; i++) {
      int at = random.nextBoolean() ? random.nextInt(112) : random.nextInt(image.length);
      image[at] =
          (byte)
              switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> 0xff;
                case 2 -> image[at] ^ (1 << random.nextInt(8));
                default -> random.nextInt(256);
              };
    }
    return image;
  }

  /** What is sound can be listed; what cannot be read says why. */
  private static void check(byte[] bytes) throws IOException {
    VerifyReport report = ImageVerifier.verify(MemorySegment.ofArray(bytes));
    StringBuilder lines = new StringBuilder();
    boolean read = true;
    try (DaxfsImage image = DaxfsImage.of("image", MemorySegment.ofArray(bytes))) {
      image.annex();
      if (!image.isSplit()) {
        Listing.list(image, lines);
      }
    } catch (CorruptImageException e) {
      read = false;
      assertThat(e).hasMessageStartingWith("image: ");
    }
    assertThat(read || !report.isSound()).as("an image without findings can be read").isTrue();
  }
}

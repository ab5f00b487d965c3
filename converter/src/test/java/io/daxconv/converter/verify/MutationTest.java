package io.daxconv.converter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.ImageBuilder;
import io.daxconv.converter.erofs.BuiltView;
import io.daxconv.converter.erofs.ErofsInode;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.erofs.ViewBuilder;
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

  @ParameterizedTest
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @ValueSource(longs = {3, 4})
  void neverThrowsOverAView(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ViewBuilder builder =
        ViewBuilder.of(ImageBuilder.sample().annex(ANNEX).build())
            .special("/bin/null", FileMode.CHARACTER_DEVICE | 0666, ErofsInode.device(1, 3))
            .xattr("/usr/data", "user.note", "hi")
            .xattr("/etc", "security.b", "v");
    BuiltView sound = (seed == 3 ? builder : builder.plain("/etc").plain("/etc/l")).build();
    byte[] bytes = sound.view().toArray();
    for (int i = 0; i < CHANGES; i++) {
      // Without the checksum, which nearly all changes would break, what is behind it is seen.
      byte[] image = changedView(bytes, (int) sound.metadata(), random);
      image[1024 + 8] &= ~1;
      check(image);
    }
  }

  /** Up to four bytes of a view get other values, each inside the superblock or the metadata. */
  private static byte[] changedView(byte[] sound, int metadata, SplittableRandom random) {
    byte[] image = sound.clone();
    int changes = random.nextInt(1, 5);
    for (int i = 0; i < changes; i++) {
      int at =
          random.nextInt(8) == 0 ? random.nextInt(1028, 1152) : metadata(image, metadata, random);
      image[at] = change(image[at], random);
    }
    return image;
  }

  /** A byte of the metadata, most often one of the first that are not zero. */
  private static int metadata(byte[] image, int metadata, SplittableRandom random) {
    int at = random.nextInt(metadata, random.nextInt(4) == 0 ? image.length : metadata + 1024);
    return Math.min(at, image.length - 1);
  }

  private static byte change(byte old, SplittableRandom random) {
    return (byte)
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> 0xff;
          case 2 -> old ^ (1 << random.nextInt(8));
          default -> random.nextInt(256);
        };
  }

  /** Up to four bytes of the metadata get values that are likely to hurt. */
  private static byte[] changed(byte[] sound, SplittableRandom random) {
    byte[] image = sound.clone();
    int changes = random.nextInt(1, 5);
    for (int i = 0; i < changes; i++) {
      int at = random.nextBoolean() ? random.nextInt(112) : random.nextInt(image.length);
      image[at] = change(image[at], random);
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
      ErofsView view = ErofsView.of(image);
      if (view != null) {
        Listing.listFull(view, lines);
      }
    } catch (CorruptImageException e) {
      read = false;
      assertThat(e).hasMessageStartingWith("image: ");
    }
    assertThat(read || !report.isSound()).as("an image without findings can be read").isTrue();
  }
}

package io.daxconv.converter.mount;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.NamedImage;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.mount.process.ImageProcess;
import io.daxconv.converter.mount.process.ImageUser;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What plans take from a file of several images is of the one that was chosen. */
final class PackedImageFactsTest {
  @TempDir private Path directory;

  @Test
  void areOfTheChosenImage() throws IOException {
    Path pool =
        pack(
            named("a", "one", tar().file("etc/passwd", "web:x:33:34::/:\n").add(capable("p"))),
            // Its name starts as the other's does.
            named(
                "ab",
                "two",
                tar()
                    .file("etc/other", "web:x:55:56::/:\n")
                    .symlink("etc/passwd", "/etc/other")
                    .file("init", "")
                    .add(capable("p"))
                    .add(capable("q"))));
    try (DaxfsImage image = DaxfsImage.open(pool)) {
      ImageFacts a = ImageFacts.of(image, "a");
      assertThat(a.packed()).isEqualTo("a");
      assertThat(a.reference()).isEqualTo(String.valueOf(a.imageId()));
      assertThat(a.fileCapabilities()).isEqualTo(1);
      ImageProcess process = ImageProcess.of(image, a);
      assertThat(process.command()).containsExactly("one");
      assertThat(process.user()).isEqualTo(new ImageUser(33, 34, List.of()));
      assertThat(process.hasInit()).isFalse();

      ImageFacts ab = ImageFacts.of(image, "ab");
      assertThat(ab.imageId()).isNotNull().isNotEqualTo(a.imageId());
      assertThat(ab.fileCapabilities()).isEqualTo(2);
      ImageProcess other = ImageProcess.of(image, ab);
      assertThat(other.command()).containsExactly("two");
      assertThat(other.user()).isEqualTo(new ImageUser(55, 56, List.of()));
      assertThat(other.hasInit()).isTrue();

      assertThat(ImageFacts.of(image).fileCapabilities()).isEqualTo(3);
      refuses(image, null, "pool.daxfs\": expected --image NAME, one of \"a\", \"ab\", found none");
      refuses(image, "b/", "pool.daxfs\": --image: expected one of \"a\", \"ab\", found \"b/\"");
    }
  }

  @Test
  void aFewOfManyNamesAreShown() throws IOException {
    List<NamedImage> many = new ArrayList<>();
    for (int i = 10; i < 35; i++) {
      many.add(named("i" + i, "x", tar().file("f", "")));
    }
    try (DaxfsImage image = DaxfsImage.open(pack(many.toArray(NamedImage[]::new)))) {
      assertThatThrownBy(() -> ImageFacts.of(image, null))
          .hasMessageContaining("one of \"i10\", \"i11\", ")
          .hasMessageEndingWith(", \"i29\" and 5 more, found none");
    }
  }

  @Test
  void aFileOfOneImageHasNoneToChoose() throws IOException {
    Path file = directory.resolve("one.daxfs");
    Converter.convert(
        TestImages.of(tar().file("f", "").symlink("link", "/").build()),
        file,
        ConversionOptions.DEFAULT,
        ConversionListener.NONE);
    try (DaxfsImage image = DaxfsImage.open(file)) {
      assertThat(ImageFacts.of(image, null)).isEqualTo(ImageFacts.of(image));
      refuses(
          image,
          "a",
          "one.daxfs\": expected a file of several images for --image \"a\", found one image");
      for (String none : List.of("no", "f", "link")) {
        assertThatThrownBy(
                () -> ImageProcess.of(image, new ImageFacts(none, "", null, null, null, 0)))
            .isInstanceOf(CorruptImageException.class)
            .hasMessageEndingWith(
                "one.daxfs\": /" + none + ": expected the directory of an image, found none");
      }
    }
  }

  /** Plans name the directory to the kernel, which would follow a symlink to the host's files. */
  @Test
  void bothViewsMustHaveTheDirectory() throws IOException {
    Path pool = pack(named("a", "one", tar().file("etc/passwd", "web:x:33:34::/:\n")));
    long inode;
    try (DaxfsImage image = DaxfsImage.open(pool)) {
      ErofsView view = Objects.requireNonNull(ErofsView.of(image));
      inode = Objects.requireNonNull(view.lookup(view.root(), new byte[] {'a'})).at();
      assertThat(ImageProcess.of(image, ImageFacts.of(image, "a")).command())
          .containsExactly("one");
    }
    try (RandomAccessFile file = new RandomAccessFile(pool.toFile(), "rw")) {
      // i_mode of both kinds of inodes (erofs_fs.h), little-endian: a symlink.
      file.seek(inode + 4);
      file.writeShort(Short.reverseBytes((short) 0120777));
    }
    try (DaxfsImage image = DaxfsImage.open(pool)) {
      ImageFacts facts = ImageFacts.of(image, "a");
      assertThatThrownBy(() -> ImageProcess.of(image, facts))
          .isInstanceOf(CorruptImageException.class)
          .hasMessageEndingWith(
              "pool.daxfs\": /a: expected the directory of an image in its EROFS view, found none");
    }
  }

  private static void refuses(DaxfsImage image, @Nullable String name, String message) {
    assertThatThrownBy(() -> ImageFacts.of(image, name))
        .isInstanceOf(MountPlanException.class)
        .hasMessageEndingWith(message);
  }

  private static TarEntry capable(String name) {
    return TarEntry.file(name, name).xattr("security.capability", new byte[20]);
  }

  private static NamedImage named(String name, String command, TarBuilder layer) {
    String config = "{\"config\": {\"Cmd\": [\"" + command + "\"], \"User\": \"web\"}}";
    byte[] tar = layer.build();
    return new NamedImage(name, () -> opened(config, tar));
  }

  private static SourceImage opened(String config, byte[] tar) {
    return TestImages.withConfig(config, TestBlob.plain(tar));
  }

  private Path pack(NamedImage... images) throws IOException {
    Path pool = directory.resolve("pool.daxfs");
    Converter.pack(List.of(images), pool, ConversionOptions.DEFAULT, ConversionListener.NONE);
    return pool;
  }
}

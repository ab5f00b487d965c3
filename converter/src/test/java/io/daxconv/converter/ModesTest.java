package io.daxconv.converter;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.annex.ImageMode;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.OverlaySize;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.ConvertedImage;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images laid out otherwise than usual. */
class ModesTest extends ConversionTest {
  private static final ConversionOptions DEFAULT = ConversionOptions.DEFAULT;

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static TarEntry file(String name, byte[] data) {
    return new TarEntry('0', name).data(data);
  }

  private static TarBuilder layer() {
    return tar()
        .directory("etc")
        .file("etc/a", "hello")
        .hardLink("etc/b", "etc/a")
        .symlink("lib", "etc")
        .add(file("large", random(1, 300_000)))
        .add(file("small", random(2, 10)))
        .add(file("same", random(1, 300_000)))
        .file("empty", "");
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void aWritableImageHasAPool(int pageSize) throws IOException {
    ConversionOptions options = new ConversionOptions(pageSize, true, true, false, 1);
    ConvertedImage usual = convert(TestImages.of(layer().build()), options);
    ConvertedImage image =
        convert(
            TestImages.of(layer().build()), options.withOverlay(new OverlaySize(1 << 20, 1024)));

    Superblock superblock = image.superblock();
    assertThat(superblock.overlaySize())
        .isEqualTo(pageSize + 65536L / 4 + (1 << 20) + rest(pageSize));
    assertThat(superblock.overlayBucketCount()).isEqualTo(1024);
    assertThat(superblock.overlayBucketShift()).isEqualTo(10);
    assertThat(image.annex().mode()).isEqualTo(new ImageMode("writable", null, 0, 0));
    assertThat(image.tree()).isEqualTo(usual.tree());
    assertThat(usual.annex().mode()).isEqualTo(ImageMode.USUAL);
  }

  /** What rounds 16 KiB of buckets up. */
  private static long rest(int pageSize) {
    return pageSize == 65536 ? 65536 - 16384 : 0;
  }

  @Test
  void largeFilesAreAligned() throws IOException {
    int large = 1 << 17;
    TarBuilder layer =
        tar()
            .add(file("dropped", random(1, 5000)))
            .add(file("first", random(2, large)))
            .add(file("small", random(3, large - 1)))
            .add(file("second", random(4, large + 1)))
            .add(file("again", random(2, large)))
            .add(file("dropped", random(5, 10)));
    ConversionOptions options = DEFAULT.withPlacement(new Placement(large, null, 0));
    ConvertedImage image = convert(TestImages.of(layer.build()), options);

    long base = image.superblock().baseOffset();
    for (String path : List.of("/first", "/second", "/again")) {
      assertThat((base + image.inode(path).dataOffset()) % large).as(path).isZero();
    }
    assertThat(image.inode("/again").dataOffset()).isEqualTo(image.inode("/first").dataOffset());
    assertThat(image.content("/first")).isEqualTo(random(2, large));
    assertThat(image.content("/second")).isEqualTo(random(4, large + 1));
    // Up to the first: a block has the superblock, the rest is padding, for what stood there is
    // gone.
    for (int at = 4096; at < large; at++) {
      assertThat(image.bytes()[at]).isZero();
    }
    assertThat(image.result().paddingBytes()).isEqualTo(large - 4096);
    assertThat(image.annex().mode().alignLarge()).isEqualTo(large);
    assertThat(convert(TestImages.of(layer.build())).result().paddingBytes()).isZero();
  }

  @Test
  void aSplitImageHasItsDataInAnotherFile() throws IOException {
    Path backing = directory.resolve("out.data");
    Path output = directory.resolve("out.daxfs");
    ConversionOptions options = DEFAULT.withPlacement(new Placement(0, backing, 16));
    ConversionResult result =
        Converter.convert(TestImages.of(layer().build()), output, options, ConversionListener.NONE);

    assertThat(filesLeft()).containsExactly("out.data", "out.daxfs");
    assertThat(result.backingSize()).isEqualTo(Files.size(backing));
    byte[] data = Files.readAllBytes(backing);
    try (DaxfsImage image = DaxfsImage.open(output)) {
      assertThat(image.isSplit()).isTrue();
      assertThat(image.superblock().pageCacheSlotCount()).isEqualTo(16);
      assertThat(Objects.requireNonNull(image.annex()).mode().backing())
          .isEqualTo(new ImageMode.Backing(data.length, Digest.sha256(data)));
    }
  }

  @Test
  void aSplitImageIsTheSameAgain() throws IOException {
    for (int i = 0; i < 2; i++) {
      Path backing = directory.resolve("data" + i);
      ConversionOptions options =
          new ConversionOptions(4096, true, true, false, 1 + i)
              .withPlacement(new Placement(0, backing, 0));
      Converter.convert(
          TestImages.of(layer().build()),
          directory.resolve("image" + i),
          options,
          ConversionListener.NONE);
    }
    assertThat(directory.resolve("data1")).hasSameBinaryContentAs(directory.resolve("data0"));
    assertThat(directory.resolve("image1")).hasSameBinaryContentAs(directory.resolve("image0"));
  }

  @Test
  void imageAndDataAreDifferentFiles() {
    Path output = directory.resolve("out");
    ConversionOptions options = DEFAULT.withPlacement(new Placement(0, output, 0));
    assertThatThrownBy(
            () ->
                Converter.convert(
                    TestImages.of(layer().build()), output, options, ConversionListener.NONE))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("expected another file for the data than for the image");
    assertThat(filesLeft()).isEmpty();
  }

  @Test
  void severalImagesShareTheirData() throws IOException {
    Path output = directory.resolve("pool.daxfs");
    byte[] base = layer().build();
    List<NamedImage> images =
        List.of(
            new NamedImage("two", () -> TestImages.of(base, tar().file("two", "2").build())),
            new NamedImage(
                "one", () -> TestImages.withConfig("{\"config\":{\"Cmd\":[\"a\"]}}", blob(base))));
    ConversionResult result = Converter.pack(images, output, DEFAULT, ConversionListener.NONE);

    ConvertedImage pool = ConvertedImage.read(result);
    ConvertedImage alone = convertAside(base);
    assertThat(pool.tree())
        .containsAll(alone.tree().stream().map(line -> in("one", line)).toList())
        .containsAll(alone.tree().stream().map(line -> in("two", line)).toList())
        .contains("/two/two '2'")
        .hasSize(2 * alone.tree().size() + 3);
    assertThat(result.storedBytes()).isEqualTo(alone.result().storedBytes() + 4096);
    assertThat(pool.annex().images()).extracting("name").containsExactly("one", "two");
    assertThat(pool.annex().images()).extracting("path").containsExactly("/one", "/two");
    assertThat(String.valueOf(pool.annex().images().getFirst().config()))
        .isEqualTo("{\"Cmd\":[\"a\"]}");
    assertThat(pool.annex().images().get(1).diffIds()).hasSize(2);
    assertThat(pool.annex().reference()).isEqualTo("pool");
  }

  private static TestBlob blob(byte[] tar) {
    return TestBlob.plain(tar);
  }

  private ConvertedImage convertAside(byte[] tar) throws IOException {
    Path file = directory.resolve("alone.daxfs");
    return ConvertedImage.read(
        Converter.convert(TestImages.of(tar), file, DEFAULT, ConversionListener.NONE));
  }

  /** A line of a tree as a directory has it. */
  private static String in(String directory, String line) {
    return "/" + directory + line.replace(" = /", " = /" + directory + "/");
  }

  @Test
  void eachImageHasANameOfItsOwn() {
    NamedImage image = new NamedImage("a", () -> TestImages.of(layer().build()));
    assertThatThrownBy(
            () ->
                Converter.pack(
                    List.of(image, image),
                    directory.resolve("out"),
                    DEFAULT,
                    ConversionListener.NONE))
        .hasMessage("image a: expected each name once, found it again");
    assertThat(filesLeft()).isEmpty();
    assertThatThrownBy(() -> new NamedImage("a/b", () -> TestImages.of(layer().build())))
        .hasMessageContaining("name: expected letters, digits");
  }
}

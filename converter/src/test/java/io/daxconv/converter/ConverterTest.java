package io.daxconv.converter;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.ConvertedImage;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import io.daxconv.converter.verify.ImageVerifier;
import io.daxconv.converter.verify.Listing;
import io.daxconv.converter.verify.TreeEntry;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An image in, one file out. */
class ConverterTest extends ConversionTest {
  private static final ConversionOptions DEFAULT = ConversionOptions.DEFAULT;

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static TarEntry file(String name, byte[] data) {
    return new TarEntry('0', name).data(data);
  }

  /** Layers with shared, hidden and overwritten files, links, xattrs and special files. */
  private static byte[][] layers() {
    TarBuilder base = tar().directory("bin").directory("etc");
    for (int i = 0; i < 40; i++) {
      base.add(file("bin/" + i, random(i % 30, 100 * i * i + 1)));
    }
    base.hardLink("bin/link", "bin/7").symlink("sbin", "bin").add(new TarEntry('6', "etc/fifo"));
    base.symlink("replaced", "bin");
    TarBuilder middle = tar().whiteout("bin/.wh.3");
    for (int i = 0; i < 20; i++) {
      middle.add(file("lib/" + i, random(i, 100 * i * i + 1)).mode(0755).owner(i, i));
      middle.add(file("bin/" + 2 * i, random(100 + i, 5000)));
    }
    middle.file("replaced/f", "makes a remark");
    TarBuilder top = tar().file("bin/7", "new").hardLink("seven", "bin/link");
    top.add(TarEntry.file("etc/conf", "x").xattr("user.a", random(1, 30))).file("twice", "first");
    top.add(file("twice", random(2, 9000))).file("twice", "last");
    return tars(base, middle, top);
  }

  @Test
  void theSameBytesAtAnyNumberOfJobs() throws IOException {
    SourceImage image = TestImages.of(layers());
    byte[] one = convert(image, new ConversionOptions(4096, true, true, false, 1)).bytes();
    for (int jobs : new int[] {2, 3, 8, 1000}) {
      assertThat(convert(image, new ConversionOptions(4096, true, true, false, jobs)).bytes())
          .isEqualTo(one);
    }
  }

  @Test
  void theSameBytesHoweverTheLayersAreCompressed() throws IOException {
    byte[][] tars = layers();
    byte[] plain = convert(TestImages.of(tars)).bytes();
    assertThat(
            convert(
                    TestImages.of(
                        Arrays.stream(tars)
                            .map(tar -> TestBlob.gzip(tar, 3, 0))
                            .toArray(TestBlob[]::new)))
                .bytes())
        .isEqualTo(plain);
    assertThat(
            convert(
                    TestImages.of(
                        Arrays.stream(tars)
                            .map(tar -> TestBlob.zstd(tar, 2).unsaid())
                            .toArray(TestBlob[]::new)))
                .bytes())
        .isEqualTo(plain);
    assertThat(
            convert(
                    TestImages.of(
                        TestBlob.zstd(tars[0], 1),
                        TestBlob.plain(tars[1]).withDiffId(null),
                        TestBlob.gzip(tars[2], 1, 100).withDigest(null)))
                .bytes())
        .isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void dataIsAlignedToThePagesOfTheKernel(int pageSize) throws IOException {
    TarBuilder layer = tar();
    int[] sizes = {1, pageSize - 1, pageSize, pageSize + 1, 3 * pageSize};
    for (int size : sizes) {
      layer.add(file("f" + size, random(size, size)));
    }
    ConvertedImage image =
        convert(
            TestImages.of(layer.build()), new ConversionOptions(pageSize, true, true, false, 1));
    assertThat(image.superblock().blockSize()).isEqualTo(pageSize);
    assertThat(image.bytes().length % pageSize).isZero();
    assertThat(image.superblock().totalSize()).isEqualTo(image.bytes().length);
    for (int size : sizes) {
      String path = "/f" + size;
      long at = image.superblock().baseOffset() + image.inode(path).dataOffset();
      assertThat(at % pageSize).isZero();
      assertThat(image.content(path)).isEqualTo(random(size, size));
      int end = (int) at + size;
      assertThat(Arrays.copyOfRange(image.bytes(), end, end + (-end & (pageSize - 1))))
          .isEqualTo(new byte[-end & (pageSize - 1)]);
    }
    assertThat(image.result().fileBytes()).isEqualTo(8L * pageSize);
  }

  @ParameterizedTest
  @CsvSource({"4096, true", "4096, false", "65536, true", "65536, false"})
  void theOverlayRegionIsTwoBlocksOrNone(int pageSize, boolean overlay) throws IOException {
    ConvertedImage image =
        convert(TestImages.of(layers()), new ConversionOptions(pageSize, overlay, true, false, 2));
    assertThat(image.superblock().overlaySize()).isEqualTo(overlay ? 2L * pageSize : 0);
    assertThat(image.superblock().overlayOffset() != 0).isEqualTo(overlay);
    assertThat(image.superblock().overlayBucketCount()).isEqualTo(overlay ? 1 : 0);
    assertThat(image.superblock().pageCacheOffset()).isZero();
    assertThat(image.annex().diffIds()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 5000, 1_500_000, 3_000_000})
  void equalFilesAreStoredOnce(int size) throws IOException {
    byte[] bytes = random(1, size);
    byte[] similar = bytes.clone();
    similar[size - 1]++;
    ConvertedImage image =
        convert(
            tar().add(file("a", bytes)).add(file("other", similar)),
            tar().add(file("b", bytes).mode(0600)).add(file("c", bytes)));
    assertThat(image.inode("/b").dataOffset()).isEqualTo(image.inode("/a").dataOffset());
    assertThat(image.inode("/c").dataOffset()).isEqualTo(image.inode("/a").dataOffset());
    assertThat(image.inode("/other").dataOffset()).isNotEqualTo(image.inode("/a").dataOffset());
    assertThat(image.inode("/a").nlink()).isEqualTo(1);
    assertThat(image.content("/c")).isEqualTo(bytes);
    assertThat(image.content("/other")).isEqualTo(similar);
    long pages = (size + 4095L) / 4096 * 4096;
    assertThat(image.result().storedBytes()).isEqualTo(2 * pages);
    assertThat(image.result().fileBytes()).isEqualTo(4 * pages);
  }

  @Test
  void whatNobodySeesTakesNoRoom() throws IOException {
    TarBuilder needed = tar().file("a", "aa").file("z", "z");
    TarBuilder wasteful =
        tar()
            .add(file("dead", random(1, 100_000)))
            .add(file("a", random(2, 20_000)))
            .file("a", "aa")
            .add(file("z", random(3, 5_000)))
            .file("z", "z");
    ConvertedImage lean = convert(needed);
    ConvertedImage image = convert(wasteful, tar().whiteout(".wh.dead"));
    assertThat(image.tree()).isEqualTo(lean.tree());
    assertThat(image.result().storedBytes()).isEqualTo(2 * 4096);
    assertThat(image.superblock().baseSize()).isEqualTo(lean.superblock().baseSize());
    assertThat(image.inode("/a").dataOffset()).isZero();
    assertThat(image.inode("/z").dataOffset()).isEqualTo(4096);
  }

  @Test
  void aDeadFileThatEqualsALivingOneStays() throws IOException {
    byte[] bytes = random(1, 10_000);
    assertThat(
            convert(tar().add(file("a", bytes)).add(file("b", bytes)).file("a", "new"))
                .content("/b"))
        .isEqualTo(bytes);
    assertThat(
            convert(tar().add(file("b", bytes)).add(file("a", bytes)).file("b", "new"))
                .content("/a"))
        .isEqualTo(bytes);
  }

  @Test
  void emptyFilesTakeNoData() throws IOException {
    ConvertedImage image = convert(tar().file("a", "").file("b", "").hardLink("c", "a"));
    assertThat(image.tree()).containsExactly("/a ''", "/b ''", "/c = /a");
    assertThat(image.result().storedBytes()).isZero();
    assertThat(image.result().fileBytes()).isZero();
  }

  @Test
  void anImageMayBeEmpty() throws IOException {
    for (SourceImage image :
        List.of(
            TestImages.of(new Layer[0]),
            TestImages.of(tar().build()),
            TestImages.of(new byte[0]))) {
      ConvertedImage converted = convert(image);
      assertThat(converted.details()).containsExactly("/ d 0755 0:0");
      assertThat(converted.inode("/").size()).isZero();
      assertThat(converted.inode("/").nlink()).isEqualTo(2);
    }
  }

  @Test
  void aDirectoryMayHaveTwoThousandEntries() throws IOException {
    TarBuilder layer = tar();
    for (int i = 0; i < 1000; i++) {
      layer.file("d/f" + i, Integer.toString(i % 10)).directory("d/sub" + i);
    }
    ConvertedImage image = convert(layer);
    assertThat(image.inodes()).hasSize(2002);
    assertThat(image.inode("/d").nlink()).isEqualTo(1002);
    assertThat(image.inode("/d").size()).isEqualTo(2000 * 271);
    assertThat(image.result().storedBytes()).isEqualTo(10 * 4096);
    assertThat(image.result().names()).isEqualTo(2001);
    assertThat(image.result().directories()).isEqualTo(1002);
    assertThat(image.result().regularFiles()).isEqualTo(1000);
  }

  @Test
  void aPathMayBeAsDeepAsLinuxHasThem() throws IOException {
    String deep = String.join("/", Collections.nCopies(2046, "d"));
    ConvertedImage image =
        convert(
            tar().add(TarEntry.file("short", "1").pax("path", deep + "/f")),
            tar().add(TarEntry.file("short", "2").pax("path", deep + "/g").gnuLongNames()));
    assertThat(image.tree()).hasSize(2048).endsWith("/" + deep + "/f '1'", "/" + deep + "/g '2'");
  }

  @Test
  void aDeeperPathIsAnError() {
    String deep = "d/".repeat(2100);
    assertThat(failure(tar().add(TarEntry.file("short", "1").pax("path", deep + "f"))))
        .contains("layer 1 of 1", "4095");
  }

  @Test
  void theResultGivesTheDigestOfTheFile() throws IOException {
    Path output = directory.resolve("image");
    ConversionResult result =
        Converter.convert(TestImages.of(layers()), output, DEFAULT, ConversionListener.NONE);
    assertThat(result.sha256()).isEqualTo(Digest.sha256(Files.readAllBytes(output)));
  }

  @Test
  void theResultSaysWhatWasMade() throws IOException {
    ConvertedImage image = convert(TestImages.of(layers()));
    ConversionResult result = image.result();
    assertThat(result.size()).isEqualTo(image.bytes().length);
    assertThat(result.names()).isEqualTo(image.tree().size());
    assertThat(result.directories() + result.regularFiles() + result.symlinks())
        .isEqualTo(image.superblock().inodeCount());
    assertThat(result.symlinks()).isEqualTo(1);
    assertThat(result.specialFilesLeftOut()).isEqualTo(1);
    assertThat(result.xattrsLeftOut()).isEqualTo(1);
    assertThat(result.storedBytes()).isLessThan(result.fileBytes());
  }

  @Test
  void theAnnexHasTheConfig() throws IOException {
    String json =
        """
        {"architecture":"amd64","os":"linux","created":"2026-01-01T00:00:00Z",
         "config":{"User":"app","Env":["PATH=/bin","X=é\\n"],"Entrypoint":["/run"],"Cmd":["a b"],
           "WorkingDir":"/w","Volumes":{"/v":{}},"Labels":{"l":"1"},"StopSignal":"SIGINT"}}
        """;
    byte[][] tars = layers();
    SourceImage image =
        TestImages.withConfig(
            json, Arrays.stream(tars).map(TestBlob::plain).toArray(TestBlob[]::new));
    Annex annex = convert(image).annex();
    assertThat(annex.imageId()).isEqualTo(Digest.sha256(json.getBytes(UTF_8)));
    assertThat(annex.reference()).isEqualTo(Digest.sha256(json.getBytes(UTF_8)).toString());
    assertThat(annex.platform()).isEqualTo(new Platform("linux", "amd64", null));
    assertThat(annex.config())
        .isEqualTo(Objects.requireNonNull(image.config()).json().get("config"));
    assertThat(annex.diffIds()).isEqualTo(Arrays.stream(tars).map(Digest::sha256).toList());
    assertThat(annex.source()).isNull();
  }

  @Test
  void theSourceIsRecordedOnRequest() throws IOException {
    SourceImage image = TestImages.withConfig("{}", TestBlob.plain(layers()[0]));
    Annex annex = convert(image, new ConversionOptions(4096, true, true, true, 1)).annex();
    assertThat(annex.source()).isEqualTo(image.provenance());
    assertThat(annex.reference()).isEqualTo(TestImages.REFERENCE);
    assertThat(annex.config()).isNull();
  }

  @Test
  void theListenerHearsOfEachLayer() throws IOException {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    ConversionListener listener =
        new ConversionListener() {
          @Override
          public void layerStarted(Layer layer, int index, long total) {
            heard.add("started " + index + " " + layer.label().substring(0, 12) + " " + total);
          }

          @Override
          public void layerFinished(int index, long blobBytes, long tarBytes, long entries) {
            heard.add("finished " + index + " " + blobBytes + " " + tarBytes + " " + entries);
          }
        };
    byte[] first = tar().file("a", "1").file("b", "2").build();
    TestBlob second = TestBlob.gzip(tar().file("c", "3").build(), 1, 0);
    Converter.convert(
        TestImages.of(TestBlob.plain(first), second),
        directory.resolve("out"),
        new ConversionOptions(4096, true, true, false, 1),
        listener);
    assertThat(heard)
        .containsExactlyInAnyOrder(
            "started 1 layer 2 of 2 " + second.size(),
            "finished 1 " + second.size() + " 2048 1",
            "started 0 layer 1 of 2 " + first.length,
            "finished 0 " + first.length + " " + first.length + " 2");
  }

  @Test
  void anExistingFileIsReplacedOnlyOnSuccess() throws IOException {
    Path output = directory.resolve("out");
    Files.writeString(output, "precious");
    TestBlob good = TestBlob.plain(tar().file("a", "1").build());
    SourceImage bad = TestImages.of(good, good.withDigest(Digest.sha256(new byte[1])));
    assertThatThrownBy(() -> Converter.convert(bad, output, DEFAULT, ConversionListener.NONE))
        .isInstanceOf(LayerException.class);
    assertThat(output).hasContent("precious");
    assertThat(filesLeft()).containsExactly("out");

    Converter.convert(TestImages.of(good), output, DEFAULT, ConversionListener.NONE);
    assertThat(ImageVerifier.verify(output).isSound()).isTrue();
    assertThat(filesLeft()).containsExactly("out");
  }

  @Test
  void aListenerThatFailsLeavesNothingBehind() throws IOException {
    ConversionListener failing =
        new ConversionListener() {
          @Override
          public void writing(long totalSize) {
            throw new IllegalStateException("enough");
          }
        };
    assertThatThrownBy(
            () ->
                Converter.convert(
                    TestImages.of(layers()), directory.resolve("out"), DEFAULT, failing))
        .hasMessage("enough");
    assertThat(filesLeft()).isEmpty();
  }

  @Test
  void aSourceThatFailsHalfwayLeavesNothingBehind() throws IOException {
    byte[] tar = tar().add(file("f", random(1, 1 << 20))).build();
    TarLayer cutOff =
        new TarLayer(
            "layer 1 of 1",
            Digest.sha256(tar),
            tar.length,
            null,
            () -> new CutOff(new ByteArrayInputStream(tar, 0, tar.length / 2)));
    assertThatThrownBy(
            () ->
                Converter.convert(
                    TestImages.of(cutOff),
                    directory.resolve("out"),
                    DEFAULT,
                    ConversionListener.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("connection reset");
    assertThat(filesLeft()).isEmpty();
  }

  /** A connection that breaks where its bytes end. */
  private static final class CutOff extends FilterInputStream {
    CutOff(InputStream in) {
      super(in);
    }

    @Override
    public int read() {
      throw new AssertionError("a layer is read in pieces, not byte by byte");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      if (read < 0) {
        throw new IOException("connection reset");
      }
      return read;
    }
  }

  @Test
  void anOutputThatCannotBeMadeIsAnError() throws IOException {
    SourceImage image = TestImages.of(tar().build());
    Path nowhere = directory.resolve("nowhere/out");
    assertThatThrownBy(() -> Converter.convert(image, nowhere, DEFAULT, ConversionListener.NONE))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("nowhere");
    Path taken = Files.createDirectory(directory.resolve("taken"));
    assertThatThrownBy(() -> Converter.convert(image, taken, DEFAULT, ConversionListener.NONE))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("taken");
    assertThat(filesLeft()).containsExactly("taken");
  }

  @Test
  void theSourceTreeComesFromTheSameLayers() throws IOException {
    byte[][] tars = layers();
    assertThat(sourceLines(tars, 8)).isNotEmpty().containsExactlyElementsOf(sourceLines(tars, 1));
  }

  private static List<String> sourceLines(byte[][] tars, int jobs) throws IOException {
    List<String> lines = new ArrayList<>();
    for (TreeEntry entry : SourceTree.entries(TestImages.of(tars), jobs, ConversionListener.NONE)) {
      lines.add(Listing.line(entry));
    }
    return lines;
  }
}

package io.daxconv.converter.stored;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.Budget;
import io.daxconv.converter.BudgetException;
import io.daxconv.converter.Budgets;
import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.LayerException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.StoredLayer;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that are read once and used by many images. */
class StoredLayersTest {
  private static final long MUCH = 1L << 30;

  @TempDir private Path directory;
  private StoredLayers layers;
  private final AtomicInteger reads = new AtomicInteger();

  @BeforeEach
  void open() throws IOException {
    layers = StoredLayers.open(directory.resolve("layers"), MUCH, Budgets.DEFAULT);
  }

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  /** Shared, hidden, overwritten and sparse files, links across layers, xattrs, special files. */
  private static List<TestBlob> image() {
    TarBuilder base = tar().directory("bin").directory("etc").file("empty", "");
    for (int i = 0; i < 60; i++) {
      base.add(new TarEntry('0', "bin/" + i).data(random(i % 40, 90 * i * i + 1)));
    }
    base.hardLink("bin/link", "bin/7").symlink("sbin", "bin").add(new TarEntry('6', "etc/fifo"));
    base.add(
        new TarEntry('0', "sparse")
            .pax("GNU.sparse.major", "1")
            .pax("GNU.sparse.minor", "0")
            .pax("GNU.sparse.realsize", "300000")
            .data(sparse()));
    TarBuilder middle = tar().whiteout("bin/.wh.3");
    for (int i = 0; i < 20; i++) {
      middle.add(new TarEntry('0', "lib/" + i).data(random(i, 90 * i * i + 1)).owner(i, i));
      middle.add(new TarEntry('0', "bin/" + 2 * i).data(random(100 + i, 5000)).mtime(-i));
    }
    TarBuilder top = tar().file("bin/7", "new").hardLink("seven", "bin/link");
    top.add(TarEntry.file("etc/conf", "x").xattr("user.a", random(1, 30))).file("twice", "first");
    top.add(new TarEntry('0', "twice").data(random(2, 9000))).file("twice", "last");
    return List.of(
        TestBlob.gzip(base.build(), 2, 0),
        TestBlob.zstd(middle.build(), 1),
        TestBlob.plain(top.build()));
  }

  /** GNU sparse 1.0: a map in decimal, padded to a block, and what it names. */
  private static byte[] sparse() {
    byte[] data = new byte[512 + 8192];
    byte[] map =
        "2\n4096\n4096\n200000\n4096\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(map, 0, data, 0, map.length);
    System.arraycopy(random(9, 8192), 0, data, 512, 8192);
    return data;
  }

  private static List<TarLayer> tars(List<TestBlob> blobs) {
    SourceImage image = TestImages.of(blobs.toArray(TestBlob[]::new));
    return image.layers().stream().map(TarLayer.class::cast).toList();
  }

  private StoredLayerFile get(StoredLayers from, TarLayer layer) throws IOException {
    return from.get(
        Objects.requireNonNull(layer.diffId()),
        keep -> {
          reads.incrementAndGet();
          return keep.keep(layer, bytes -> {});
        });
  }

  private byte[] convert(List<? extends Layer> of, int pageSize) throws IOException {
    Path file = directory.resolve("out.daxfs");
    ConversionOptions options = new ConversionOptions(pageSize, true, true, false, 2);
    Converter.convert(
        TestImages.of(of.toArray(Layer[]::new)), file, options, ConversionListener.NONE);
    return Files.readAllBytes(file);
  }

  private byte[] convertKept(StoredLayers from, List<TarLayer> tars, int pageSize)
      throws IOException {
    List<StoredLayerFile> files = new ArrayList<>();
    List<Layer> kept = new ArrayList<>();
    try {
      for (TarLayer tar : tars) {
        StoredLayerFile file = get(from, tar);
        files.add(file);
        kept.add(new StoredLayer(tar.label(), file));
      }
      return convert(kept, pageSize);
    } finally {
      for (StoredLayerFile file : files) {
        file.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void keptLayersGiveTheSameBytes(int pageSize) throws IOException {
    List<TarLayer> tars = tars(image());
    byte[] direct = convert(tars, pageSize);
    assertThat(convertKept(layers, tars, pageSize)).isEqualTo(direct);
    assertThat(convertKept(layers, tars, pageSize)).isEqualTo(direct);
    assertThat(reads).hasValue(3);
  }

  @Test
  void keptAndOtherLayersGoTogether() throws IOException {
    List<TarLayer> tars = tars(image());
    byte[] direct = convert(tars, 4096);
    for (int kept = 0; kept < 3; kept++) {
      List<Layer> mixed = new ArrayList<>(tars);
      try (StoredLayerFile file = get(layers, tars.get(kept))) {
        mixed.set(kept, new StoredLayer(tars.get(kept).label(), file));
        assertThat(convert(mixed, 4096)).as("layer %d", kept).isEqualTo(direct);
      }
    }
  }

  @Test
  void whoComesAtOnceReadsOnce() throws Exception {
    TarLayer layer = tars(image()).getFirst();
    Callable<Digest> use =
        () -> {
          try (StoredLayerFile file = get(layers, layer)) {
            return file.diffId();
          }
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Digest> each : threads.invokeAll(java.util.Collections.nCopies(8, use))) {
        assertThat(each.get()).isEqualTo(layer.diffId());
      }
    }
    assertThat(reads).hasValue(1);
  }

  @Test
  void whatWasUsedLongestAgoGoesFirstAndNeverWhatIsInUse() throws Exception {
    List<TarLayer> tars = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      byte[] tar = tar().add(new TarEntry('0', "f").data(random(i, 100_000))).build();
      tars.add((TarLayer) TestImages.of(tar).layers().getFirst());
    }
    StoredLayers few = StoredLayers.open(directory.resolve("few"), 250_000, Budgets.DEFAULT);
    try (StoredLayerFile used = get(few, tars.get(0))) {
      get(few, tars.get(1)).close();
      Thread.sleep(20);
      get(few, tars.get(2)).close();
      assertThat(names("few")).containsExactlyInAnyOrder(hex(tars.get(0)), hex(tars.get(2)));
      Thread.sleep(20);
      get(few, tars.get(3)).close();
      assertThat(names("few")).containsExactlyInAnyOrder(hex(tars.get(0)), hex(tars.get(3)));
      assertThat(used.blobBytes()).isPositive();
    }
  }

  @Test
  void nobodyEvictsWhatAnotherHasJustKept() throws Exception {
    StoredLayers none = StoredLayers.open(directory.resolve("none"), 0, Budgets.DEFAULT);
    List<Callable<Digest>> uses = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] tar = tar().add(new TarEntry('0', "f").data(random(i, 100))).build();
      TarLayer layer = (TarLayer) TestImages.of(tar).layers().getFirst();
      uses.add(
          () -> {
            try (StoredLayerFile file = get(none, layer)) {
              return file.diffId();
            } finally {
              none.evict();
            }
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Digest> each : threads.invokeAll(uses)) {
        assertThat(each.get()).isNotNull();
      }
    }
    none.evict();
    assertThat(names("none")).isEmpty();
  }

  @Test
  void whateverAnotherProcessFindsDamagedItReadsAnew() throws Exception {
    List<TarLayer> tars = tars(image()).subList(0, 1);
    byte[] direct = convert(tars, 4096);
    convertKept(layers, tars, 4096);
    Path kept = directory.resolve("layers/sha256/" + hex(tars.getFirst()));
    byte[] whole = Files.readAllBytes(kept);
    SplittableRandom random = new SplittableRandom(5);
    int before = reads.get();
    for (int i = 0; i < 60; i++) {
      try (RandomAccessFile file = new RandomAccessFile(kept.toFile(), "rw")) {
        file.write(whole);
        int at = random.nextInt(StoredLayerFile.PAGE, whole.length);
        at = i < 30 ? at : random.nextInt(entriesAt(whole), whole.length);
        file.seek(at);
        file.write(whole[at] ^ (1 << random.nextInt(8)));
      }
      StoredLayers later = StoredLayers.open(directory.resolve("layers"), MUCH, Budgets.DEFAULT);
      assertThat(convertKept(later, tars, 4096)).isEqualTo(direct);
      assertThat(reads).hasValue(before + i + 1);
    }
    assertThat(kept).hasBinaryContent(whole);
  }

  @Test
  void whatGetsDamagedWhileItIsInUseIsNamedAndRemoved() throws Exception {
    List<TarLayer> tars = tars(image()).subList(0, 1);
    byte[] direct = convert(tars, 4096);
    convertKept(layers, tars, 4096);
    Path kept = directory.resolve("layers/sha256/" + hex(tars.getFirst()));
    byte[] whole = Files.readAllBytes(kept);
    try (RandomAccessFile file = new RandomAccessFile(kept.toFile(), "rw")) {
      file.seek(entriesAt(whole) + 20);
      file.write(whole[entriesAt(whole) + 20] ^ 1);
    }
    assertThatThrownBy(() -> convertKept(layers, tars, 4096))
        .isInstanceOf(LayerException.class)
        .hasMessageContaining("damaged in its entries");
    assertThat(kept).doesNotExist();
    assertThat(convertKept(layers, tars, 4096)).isEqualTo(direct);
  }

  private static int entriesAt(byte[] kept) {
    return (int)
        java.nio.ByteBuffer.wrap(kept)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .getLong(kept.length - StoredLayerFile.FOOTER);
  }

  @Test
  void whatIsWrongInALayerIsFoundAndNothingIsKept() throws Exception {
    TestBlob blob = image().getFirst();
    byte[] flipped = blob.bytes().clone();
    flipped[flipped.length / 2] ^= 1;
    TestBlob wrong = new TestBlob(flipped, blob.digest(), blob.size(), blob.diffId());
    TarLayer layer = tars(List.of(wrong)).getFirst();
    assertThatThrownBy(() -> get(layers, layer)).isInstanceOf(LayerException.class);
    StoredLayers strict =
        StoredLayers.open(
            directory.resolve("layers"), MUCH, Budgets.DEFAULT.with(Budget.FILE_SIZE, 1000));
    TarLayer right = tars(image()).getFirst();
    assertThatThrownBy(() -> get(strict, right)).isInstanceOf(BudgetException.class);
    assertThat(names("layers")).isEmpty();
  }

  private static String hex(TarLayer layer) {
    return Objects.requireNonNull(layer.diffId()).hex();
  }

  private List<String> names(String cache) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(cache).resolve("sha256"))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}

package io.daxconv.converter.extent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.linux.SparseFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where files' bytes go, and which of them go to the same place. */
class ExtentStoreTest {
  private static final int PAGE = 4096;

  @TempDir Path directory;

  @FunctionalInterface
  private interface StoreTest {
    void run(ExtentStore store, FileChannel file) throws IOException;
  }

  private void test(StoreTest test) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            directory.resolve("extents"),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      test.run(new ExtentStore(file, PAGE, PAGE), file);
    }
  }

  private static long store(ExtentStore store, byte[] bytes) throws IOException {
    return store.store(bytes.length, sink -> sink.data(ByteBuffer.wrap(bytes)));
  }

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  /** The bytes at an offset; what is behind the file's end is zeros that are not there yet. */
  private static byte[] read(ExtentStore store, FileChannel file, long at, int size)
      throws IOException {
    store.flush();
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) >= 0) {}
    return bytes.array();
  }

  @Test
  void eachFileStartsAPage() throws IOException {
    test(
        (store, file) -> {
          assertThat(store(store, random(1, 1))).isEqualTo(PAGE);
          assertThat(store(store, random(2, PAGE))).isEqualTo(2 * PAGE);
          assertThat(store(store, random(3, PAGE + 1))).isEqualTo(3 * PAGE);
          assertThat(store.end()).isEqualTo(5 * PAGE);
          assertThat(read(store, file, PAGE, PAGE)).isEqualTo(Arrays.copyOf(random(1, 1), PAGE));
          assertThat(read(store, file, 3 * PAGE, 2 * PAGE))
              .isEqualTo(Arrays.copyOf(random(3, PAGE + 1), 2 * PAGE));
        });
  }

  @Test
  void anEmptyFileStandsNowhere() throws IOException {
    test(
        (store, file) -> {
          assertThat(store(store, new byte[0])).isZero();
          assertThat(store.end()).isEqualTo(PAGE);
        });
  }

  @Test
  void equalFilesShareAnExtent() throws IOException {
    for (int size :
        new int[] {1, PAGE - 1, PAGE, PAGE + 1, (1 << 20) - 1, (1 << 20) + 1, 5 << 19}) {
      test(
          (store, file) -> {
            byte[] bytes = random(size, size);
            long first = store(store, bytes);
            long between = store(store, random(1, 10));
            assertThat(store(store, bytes)).isEqualTo(first);
            assertThat(store.end()).isEqualTo(between + PAGE);
          });
    }
  }

  @Test
  void filesThatDifferInTheirLastByteDoNot() throws IOException {
    for (int size : new int[] {1, PAGE, (1 << 20) + 1, 5 << 19}) {
      test(
          (store, file) -> {
            byte[] one = random(size, size);
            byte[] other = one.clone();
            other[size - 1]++;
            long first = store(store, one);
            long second = store(store, other);
            assertThat(second).isNotEqualTo(first);
            assertThat(read(store, file, first, size)).isEqualTo(one);
            assertThat(read(store, file, second, size)).isEqualTo(other);
            assertThat(store(store, other)).isEqualTo(second);
            assertThat(store(store, one)).isEqualTo(first);
          });
    }
  }

  @Test
  void aPrefixIsNotTheSame() throws IOException {
    test(
        (store, file) -> {
          assertThat(store(store, new byte[1])).isNotEqualTo(store(store, new byte[2]));
        });
  }

  @Test
  void bytesDecideWhereChecksumsCollide() throws IOException {
    byte[][] pair = collision();
    assertThat(crc(pair[0])).isEqualTo(crc(pair[1]));
    assertThat(pair[0]).isNotEqualTo(pair[1]);
    test(
        (store, file) -> {
          long first = store(store, pair[0]);
          long second = store(store, pair[1]);
          assertThat(second).isNotEqualTo(first);
          assertThat(read(store, file, second, 8)).isEqualTo(pair[1]);
          assertThat(store(store, pair[0])).isEqualTo(first);
          assertThat(store(store, pair[1])).isEqualTo(second);
        });
  }

  /** Two different contents of one size and CRC32C: among 2^17 random ones there are some. */
  private static byte[][] collision() {
    SplittableRandom random = new SplittableRandom(5);
    Map<Long, byte[]> seen = new HashMap<>();
    while (true) {
      byte[] bytes = new byte[8];
      random.nextBytes(bytes);
      byte[] other = seen.putIfAbsent(crc(bytes), bytes);
      if (other != null && !Arrays.equals(other, bytes)) {
        return new byte[][] {other, bytes};
      }
    }
  }

  private static long crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }

  @Test
  void holesAreZeros() throws IOException {
    int size = 3 * PAGE;
    test(
        (store, file) -> {
          byte[] plain = new byte[size];
          plain[PAGE] = 7;
          long sparse =
              store.store(
                  size,
                  sink -> {
                    sink.hole(PAGE);
                    sink.data(ByteBuffer.wrap(plain, PAGE, 1));
                    sink.hole(size - PAGE - 1);
                  });
          assertThat(read(store, file, sparse, size)).isEqualTo(plain);
          assertThat(store(store, plain)).isEqualTo(sparse);
        });
  }

  @Test
  void aSharedFileLeavesNothingBehindForTheNext() throws IOException {
    test(
        (store, file) -> {
          byte[] ones = new byte[PAGE];
          Arrays.fill(ones, (byte) 1);
          store(store, ones);
          store(store, ones);
          long next = store(store, new byte[] {2});
          assertThat(read(store, file, next, PAGE)).isEqualTo(Arrays.copyOf(new byte[] {2}, PAGE));
          store(store, ones);
          long sparse = store.store(PAGE, sink -> sink.hole(PAGE));
          assertThat(read(store, file, sparse, PAGE)).isEqualTo(new byte[PAGE]);
        });
  }

  /** Copies one file's bytes, which stand in another from its second page on. */
  private long copy(ExtentStore store, byte[] bytes) throws IOException {
    Path kept = directory.resolve("kept");
    Files.deleteIfExists(kept);
    try (FileChannel file =
        FileChannel.open(kept, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      DataWriter writer = new DataWriter(file, PAGE);
      writer.write(ByteBuffer.wrap(bytes));
      writer.flush();
      file.write(ByteBuffer.wrap(new byte[] {1}), 4L * PAGE + (bytes.length & -PAGE));
    }
    try (SparseFile from = SparseFile.open(kept)) {
      long extent = store.storeCopy(bytes.length, (int) crc(bytes), from, PAGE);
      store.flush();
      return extent;
    }
  }

  private long holes(long from, long to) throws IOException {
    long holes = 0;
    try (SparseFile file = SparseFile.open(directory.resolve("extents"))) {
      for (long at = from; at < to; ) {
        SparseFile.Extent extent = file.extent(at);
        long end = Math.min(to, extent.end());
        holes += extent.hole() ? end - at : 0;
        at = end;
      }
    }
    return holes;
  }

  @Test
  void holesOfWhatIsCopiedStayHoles() throws IOException {
    byte[] bytes = random(1, 40 * PAGE);
    Arrays.fill(bytes, 0, 3 * PAGE, (byte) 0);
    Arrays.fill(bytes, 10 * PAGE, 26 * PAGE, (byte) 0);
    Arrays.fill(bytes, 35 * PAGE, 40 * PAGE, (byte) 0);
    test(
        (store, file) -> {
          long first = copy(store, bytes);
          byte[] other = random(2, 5000);
          long second = copy(store, other);
          assertThat(second).isEqualTo(first + bytes.length);
          assertThat(read(store, file, first, bytes.length)).isEqualTo(bytes);
          assertThat(read(store, file, second, other.length)).isEqualTo(other);
          assertThat(copy(store, bytes)).as("the same again").isEqualTo(first);
          assertThat(holes(first, second)).isEqualTo(24L * PAGE);
        });
  }

  @Test
  void aCopyBehindContentThatWasCutOffHasNoneOfIt() throws IOException {
    byte[] ones = new byte[1 << 20];
    Arrays.fill(ones, (byte) 1);
    byte[] zeros = new byte[1 << 20];
    test(
        (store, file) -> {
          store(store, ones);
          store(store, ones);
          long copied = copy(store, zeros);
          long next = store(store, random(3, 10));
          assertThat(read(store, file, copied, zeros.length)).isEqualTo(zeros);
          assertThat(holes(copied, next)).isEqualTo(zeros.length);
        });
  }

  @Test
  void contentOfAnotherSizeIsABug() throws IOException {
    test(
        (store, file) ->
            assertThatThrownBy(() -> store.store(2, sink -> sink.data(ByteBuffer.allocate(1))))
                .isInstanceOf(IllegalStateException.class));
  }

  @Test
  void compactingClosesGaps() throws IOException {
    SplittableRandom random = new SplittableRandom(9);
    for (int round = 0; round < 30; round++) {
      int count = 1 + random.nextInt(8);
      byte[][] contents = new byte[count][];
      for (int i = 0; i < count; i++) {
        int size = random.nextInt(4) == 0 ? 1 + random.nextInt(3 << 19) : 1 + random.nextInt(9000);
        contents[i] = random(random.nextLong(), size);
      }
      int kept = random.nextInt(1 << count);
      test((store, file) -> compact(store, file, contents, kept));
    }
  }

  private static void compact(ExtentStore store, FileChannel file, byte[][] contents, int kept)
      throws IOException {
    long[] all = new long[contents.length];
    for (int i = 0; i < contents.length; i++) {
      all[i] = store(store, contents[i]);
    }
    int[] keptIndexes =
        java.util.stream.IntStream.range(0, contents.length)
            .filter(i -> (kept & 1 << i) != 0)
            .toArray();
    long[] offsets = Arrays.stream(keptIndexes).mapToLong(i -> all[i]).toArray();
    long[] sizes = Arrays.stream(keptIndexes).mapToLong(i -> contents[i].length).toArray();
    long[] moved = store.compact(offsets, sizes);
    long expected = PAGE;
    for (int i = 0; i < moved.length; i++) {
      byte[] bytes = contents[keptIndexes[i]];
      int pages = (int) store.pages(bytes.length);
      assertThat(moved[i]).isEqualTo(expected);
      assertThat(read(store, file, moved[i], pages)).isEqualTo(Arrays.copyOf(bytes, pages));
      expected += pages;
    }
    assertThat(store.end()).isEqualTo(expected);
    assertThat(file.size()).isLessThanOrEqualTo(expected);
  }
}

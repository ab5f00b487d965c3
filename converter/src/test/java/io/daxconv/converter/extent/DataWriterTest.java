package io.daxconv.converter.extent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is written, passed over and cut off, the file is what plain writing would make. */
class DataWriterTest {
  private static final int START = 4096;
  private static final int LONGEST = 1 << 22;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void writesInAnyOrderOfSizes(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] expected = new byte[LONGEST];
    int end = START;
    try (FileChannel file = open()) {
      DataWriter writer = new DataWriter(file, START);
      int pageAligned = START;
      while (end < LONGEST - (1 << 20)) {
        int size = size(random);
        switch (random.nextInt(5)) {
          case 0 -> {
            writer.skip(size);
            Arrays.fill(expected, end, end + size, (byte) 0);
            end += size;
          }
          case 1 -> {
            // Only whole files are given up, and they begin at a page.
            writer.cutTo(pageAligned);
            end = pageAligned;
          }
          default -> {
            byte[] bytes = bytes(random, size);
            writer.write(direct(bytes));
            System.arraycopy(bytes, 0, expected, end, size);
            end += size;
          }
        }
        assertThat(writer.position()).isEqualTo(end);
        if (random.nextInt(4) == 0) {
          int padding = -end & 4095;
          writer.skip(padding);
          Arrays.fill(expected, end, end + padding, (byte) 0);
          end += padding;
          pageAligned = end;
        }
        int from = START + random.nextInt(end - START + 1);
        assertThat(read(writer, from, end - from))
            .isEqualTo(Arrays.copyOfRange(expected, from, end));
        // Some progress is made even where much is cut off.
        if (random.nextInt(64) == 0) {
          break;
        }
      }
      writer.flush();
    }
    byte[] found = Arrays.copyOf(Files.readAllBytes(directory.resolve("data")), end);
    Arrays.fill(expected, end, expected.length, (byte) 0);
    assertThat(found).isEqualTo(Arrays.copyOf(expected, end));
  }

  @Test
  void zerosInLargePiecesAreZeros() throws IOException {
    byte[] bytes = new byte[1 << 20];
    bytes[0] = 1;
    bytes[bytes.length - 1] = 1;
    try (FileChannel file = open()) {
      DataWriter writer = new DataWriter(file, 0);
      writer.write(direct(bytes));
      writer.flush();
    }
    Path file = directory.resolve("data");
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(
        directory.resolve("data"),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private static byte[] read(DataWriter writer, long at, int count) throws IOException {
    ByteBuffer into = ByteBuffer.allocateDirect(count);
    writer.read(into, at);
    byte[] bytes = new byte[count];
    into.flip().get(bytes);
    return bytes;
  }

  private static int size(SplittableRandom random) {
    return switch (random.nextInt(3)) {
      case 0 -> random.nextInt(100);
      case 1 -> random.nextInt(20_000);
      default -> random.nextInt(300_000);
    };
  }

  /** Random bytes with blocks of zeros among them. */
  private static byte[] bytes(SplittableRandom random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    for (int i = 0; i < 3 && size > 0; i++) {
      int from = random.nextInt(size);
      Arrays.fill(bytes, from, from + random.nextInt(size - from + 1), (byte) 0);
    }
    return bytes;
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }
}

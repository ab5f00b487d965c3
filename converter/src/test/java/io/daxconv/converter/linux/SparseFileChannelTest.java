package io.daxconv.converter.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files with holes: read as they are, and the holes not at all. */
class SparseFileChannelTest {
  private static final int SIZE = 4 << 20;

  @TempDir private Path directory;

  /** A file of zeros, but for random bytes from and to some places. */
  private Path file(int... places) throws IOException {
    Path file = directory.resolve("söme file%");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < places.length; i += 2) {
        byte[] bytes = new byte[places[i + 1] - places[i]];
        random.nextBytes(bytes);
        channel.write(ByteBuffer.wrap(bytes), places[i]);
      }
      if (channel.size() < SIZE) {
        // The last byte makes the size; cut off again, what is before stays a hole.
        channel.write(ByteBuffer.wrap(new byte[1]), SIZE + (1 << 20));
        channel.truncate(SIZE);
      }
    }
    return file;
  }

  private static byte[] read(Path file, int buffer, long[] zerosNotRead) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(SIZE + 1);
    try (SparseFileChannel channel = SparseFileChannel.open(file)) {
      ByteBuffer some = ByteBuffer.allocate(buffer);
      for (int read = channel.read(some); read >= 0; read = channel.read(some.clear())) {
        assertThat(read).isPositive().isEqualTo(some.position());
        zerosNotRead[0] += channel.inHole() ? read : 0;
        all.put(some.flip());
      }
    }
    return Arrays.copyOf(all.array(), all.position());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 3000000, 3000001",
    "100, 5000, 2097152, 2097153",
    "1048576, 1060000, 4194303, 4194304",
    "0, 4096, 8192, 12288",
  })
  void theBytesAreTheFiles(int from, int to, int from2, int to2) throws IOException {
    Path file = file(from, to, from2, to2);
    for (int buffer : new int[] {1000, 4096, SIZE}) {
      long[] zeros = {0};
      assertThat(read(file, buffer, zeros)).isEqualTo(Files.readAllBytes(file));
      assertThat(zeros[0]).as("bytes not read").isGreaterThan(SIZE / 2);
    }
  }

  @Test
  void aFileWithoutHolesIsRead() throws IOException {
    long[] zeros = {0};
    Path file = file(0, SIZE);
    assertThat(read(file, 1 << 16, zeros)).isEqualTo(Files.readAllBytes(file));
    assertThat(zeros[0]).isZero();
  }

  @Test
  void thereIsNothingBehindTheEnd() throws IOException {
    try (SparseFile file = SparseFile.open(file(0, 4096))) {
      assertThat(file.extent(SIZE - 1)).isEqualTo(new SparseFile.Extent(true, SIZE));
      assertThatThrownBy(() -> file.extent(SIZE)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void noFileIsNone() {
    Path none = directory.resolve("none");
    assertThatThrownBy(() -> SparseFile.open(none))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(none.toString());
  }

  @Test
  void anEmptyFileIsAtItsEnd() throws IOException {
    Path file = Files.createFile(directory.resolve("empty"));
    assertThat(read(file, 10, new long[1])).isEmpty();
  }

  @Test
  void aHoleAndNothingElse() throws IOException {
    long[] zeros = {0};
    assertThat(read(file(), 1 << 20, zeros)).isEqualTo(new byte[SIZE]);
    assertThat(zeros[0]).isEqualTo(SIZE);
  }
}

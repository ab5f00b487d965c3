package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.Converter;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.verify.ImageVerifier;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code mkdaxfs --empty} makes, by the facts of the format. */
class EmptyImageTest {
  @TempDir private Path directory;

  private ByteBuffer write(EmptyImage image) throws IOException {
    Path file = directory.resolve("empty.daxfs");
    assertThat(Converter.createEmpty(image, file)).isEqualTo(image.size());
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  @ParameterizedTest
  @CsvSource({"4096, 0, 5", "4096, 8, 15", "16384, 16, 23", "65536, 0, 5"})
  void verifies(int pageSize, int slots, int blocks) throws IOException {
    PageCacheSize pageCache = slots == 0 ? null : new PageCacheSize(slots);
    EmptyImage image = new EmptyImage(pageSize, new OverlaySize(2L * pageSize, 64), pageCache);
    ByteBuffer bytes = write(image);

    assertThat(bytes.capacity()).isEqualTo(blocks * pageSize);
    assertThat(ImageVerifier.verify(MemorySegment.ofBuffer(bytes)).findings()).isEmpty();
  }

  @Test
  void theRootIsFoundByItsKey() throws IOException {
    ByteBuffer bytes = write(new EmptyImage(4096, new OverlaySize(4096, 1024), null));

    long key = (1L << 20) | 0xfffff;
    int bucket = 2 * 4096 + (int) (key & 1023) * 16;
    int pool = 2 * 4096 + 1024 * 16;
    assertThat(bytes.getLong(bucket)).isEqualTo((key << 1) | 1);
    assertThat(bytes.getLong(bucket + 8)).isZero();
    assertThat(bytes.getInt(pool)).isEqualTo(1);
    assertThat(bytes.getInt(pool + 4)).isEqualTo(0040755);
    assertThat(bytes.getInt(pool + 24)).isEqualTo(2);
    assertThat(bytes.getLong(4096 + 32)).as("pool_alloc").isEqualTo(32);
    assertThat(bytes.getLong(4096 + 40)).as("next_ino").isEqualTo(2);
    assertThat(bytes.getLong(24)).as("base_offset").isZero();
    assertThat(bytes.getLong(16)).as("total_size").isEqualTo(bytes.capacity());
  }

  /** If this changes, so do the images that everybody makes. */
  @Test
  void theFileIsTheSameForEver() throws IOException {
    ByteBuffer bytes =
        write(new EmptyImage(4096, new OverlaySize(4096, 256), new PageCacheSize(8)));

    byte[] copy = new byte[bytes.capacity()];
    bytes.get(0, copy);
    assertThat(Digest.sha256(copy).hex())
        .isEqualTo("8074004543b10f5af112b86215c7e3e5ecacdbf409621acdcb00f442152aa2dd");
  }

  @Test
  void theRootNeedsRoom() {
    assertThatThrownBy(() -> new EmptyImage(4096, OverlaySize.SMALLEST, null))
        .hasMessage("overlay: expected room for the root's inode, 32 bytes, found 0");
  }
}

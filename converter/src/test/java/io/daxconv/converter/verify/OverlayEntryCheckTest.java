package io.daxconv.converter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.Converter;
import io.daxconv.converter.daxfs.BuiltImage;
import io.daxconv.converter.daxfs.EmptyImage;
import io.daxconv.converter.daxfs.OverlayBucket;
import io.daxconv.converter.daxfs.OverlaySize;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images without a base, as somebody may have left them. */
class OverlayEntryCheckTest {
  private static final int BUCKETS = 8;
  private static final long TABLE = 2 * 4096;
  private static final long POOL = 3 * 4096;

  /** All of its low bits are ones, so the root's bucket is the last. */
  private static final long ROOT = TABLE + (BUCKETS - 1) * 16;

  @TempDir private Path directory;
  private BuiltImage image = new BuiltImage(MemorySegment.NULL, Map.of(), Map.of(), Map.of());

  @BeforeEach
  void make() throws IOException {
    Path file = directory.resolve("empty");
    Converter.createEmpty(new EmptyImage(4096, new OverlaySize(4096, BUCKETS), null), file);
    MemorySegment bytes = MemorySegment.ofArray(Files.readAllBytes(file));
    image = new BuiltImage(bytes, Map.of(), Map.of(), Map.of());
  }

  private void bucket(int index, long inode, long value) {
    OverlayBucket.ofInode(inode, value).write(image.bytes(), TABLE + index * 16L);
  }

  private void assertFindings(String... ids) {
    assertThat(ImageVerifier.verify(image.bytes()).findings())
        .extracting(Finding::id)
        .containsExactly(ids);
  }

  @Test
  void anImageThatSomebodyWroteToIsSound() {
    image.u64(4096 + 32, 96).u64(4096 + 40, 4);
    // Keys of all inodes end in ones: both were put behind the root's, round the end of the table.
    bucket(0, 2, 32);
    bucket(1, 3, 64);
    assertFindings();
  }

  @Test
  void aKeyBehindAFreeBucketIsNotFound() {
    image.u64(4096 + 32, 96);
    bucket(1, 3, 64);
    assertFindings("overlay-bucket-place");
  }

  @Test
  void aBucketLeadsIntoTheAllocatedPool() {
    bucket(0, 2, 32);
    assertFindings("overlay-bucket-value");
  }

  @Test
  void aFreeBucketHasNoKey() {
    image.u64(TABLE, 2);
    assertFindings("overlay-bucket-state");
  }

  @Test
  void noMoreIsAllocatedThanThereIs() {
    image.u64(4096 + 32, 4097);
    assertFindings("overlay-pool-alloc");
  }

  @Test
  void theRootIsADirectory() {
    image.u32(POOL + 4, 0100644);
    assertFindings("overlay-root");
    image.u32(POOL + 4, 0040755).u32(POOL, 2);
    assertFindings("overlay-root");
    image.u32(POOL, 1).u64(ROOT, 0);
    assertFindings("overlay-root");
  }

  @Test
  void headersAreCheckedAsWell() {
    image.u64(4096 + 16, 3 * 4096);
    assertFindings("overlay-pool-offset");
  }
}

package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.format.Fields;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Buckets and inodes of an overlay. */
class OverlayEntryLayoutTest {
  @ParameterizedTest
  @CsvSource({"state_key, 0", "value, 8"})
  void fieldsOfABucketStandWhereTheModuleReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(OverlayBucket.LAYOUT, field)).isEqualTo(offset);
  }

  @ParameterizedTest
  @CsvSource({"type, 0", "mode, 4", "uid, 8", "gid, 12", "size, 16", "nlink, 24", "flags, 28"})
  void fieldsOfAnInodeStandWhereTheModuleReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(OverlayInode.LAYOUT, field)).isEqualTo(offset);
  }

  @Test
  void theRootsBucketHasGoldenBytes() {
    byte[] bytes = new byte[OverlayBucket.SIZE];
    OverlayBucket.ofInode(1, 0).write(MemorySegment.ofArray(bytes), 0);

    // The key is (1 << 20) | 0xfffff; bit 0 says that the bucket is in use.
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("ffff3f0000000000" + "0000000000000000");
  }

  @Test
  void theRootHasGoldenBytes() {
    byte[] bytes = new byte[OverlayInode.SIZE];
    OverlayInode.ROOT.write(MemorySegment.ofArray(bytes), 0);

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "01000000"
                + "ed410000"
                + "00000000"
                + "00000000"
                + "0000000000000000"
                + "02000000"
                + "00000000");
  }

  @Test
  void readsWhatItWrote() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[OverlayInode.SIZE + 3]);
    OverlayInode inode = new OverlayInode(1, 2, 3, 4, 5, 6, 7);
    inode.write(bytes, 3);
    assertThat(OverlayInode.read(bytes, 3)).isEqualTo(inode);

    OverlayBucket bucket = OverlayBucket.ofInode(77, 96);
    bucket.write(bytes, 3);
    assertThat(OverlayBucket.read(bytes, 3)).isEqualTo(bucket);
    assertThat(bucket.isUsed()).isTrue();
    assertThat(bucket.key()).isEqualTo((77L << 20) | 0xfffff);
  }
}

package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.format.Fields;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlayHeaderLayoutTest {
  @ParameterizedTest
  @CsvSource({
    "magic, 0",
    "version, 4",
    "bucket_offset, 8",
    "pool_offset, 16",
    "pool_size, 24",
    "pool_alloc, 32",
    "next_ino, 40",
    "free_inode, 48",
    "free_data, 56",
    "free_dirent, 64"
  })
  void fieldsStandWhereTheModuleReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(OverlayHeader.LAYOUT, field)).isEqualTo(offset);
  }

  @Test
  void theSmallestHasGoldenBytes() {
    byte[] bytes = new byte[OverlayHeader.SIZE];
    OverlayHeader.smallest(16384, 11).write(MemorySegment.ofArray(bytes), 0);

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "796c766f"
                + "02000000"
                + "0040000000000000"
                + "0080000000000000"
                + "0000000000000000"
                + "0000000000000000"
                + "0c00000000000000"
                + "ffffffffffffffff"
                + "ffffffffffffffff"
                + "ffffffffffffffff");
  }

  @Test
  void readsWhatItWrote() {
    OverlayHeader header = new OverlayHeader(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    MemorySegment bytes = MemorySegment.ofArray(new byte[OverlayHeader.SIZE + 3]);
    header.write(bytes, 3);

    assertThat(OverlayHeader.read(bytes, 3)).isEqualTo(header);
  }

  @Test
  void inodeNumbersAreUnsigned() {
    assertThat(OverlayHeader.smallest(4096, -1).nextInode()).isEqualTo(1L << 32);
  }
}

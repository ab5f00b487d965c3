package io.daxconv.converter.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.format.Fields;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErofsSuperblockLayoutTest {
  private static final byte[] UUID = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
  private static final ErofsSuperblock SUPERBLOCK =
      new ErofsSuperblock(
          ErofsSuperblock.MAGIC,
          0x11121314,
          ErofsSuperblock.CHECKSUM | ErofsSuperblock.MTIME,
          ErofsSuperblock.BLOCK_BITS,
          0x2122,
          0x3132333435363738L,
          0x4142434445464748L,
          0x51525354,
          0x61626364,
          0x71727374,
          0x81828384,
          UUID,
          0x91929394);

  @ParameterizedTest
  @CsvSource({
    "magic, 0",
    "checksum, 4",
    "feature_compat, 8",
    "blkszbits, 12",
    "sb_extslots, 13",
    "root_nid, 14",
    "inos, 16",
    "build_time, 24",
    "build_time_nsec, 32",
    "blocks, 36",
    "meta_blkaddr, 40",
    "xattr_blkaddr, 44",
    "uuid, 48",
    "volume_name, 64",
    "feature_incompat, 80"
  })
  void fieldsStandWhereTheKernelReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(ErofsSuperblock.LAYOUT, field)).isEqualTo(offset);
  }

  @Test
  void hasGoldenBytes() {
    byte[] bytes = new byte[4096];
    SUPERBLOCK.write(MemorySegment.ofArray(bytes));

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "00".repeat(1024)
                + "e2e1f5e0"
                + "14131211"
                + "03000000"
                + "0c"
                + "00"
                + "2221"
                + "3837363534333231"
                + "4847464544434241"
                + "54535251"
                + "64636261"
                + "74737271"
                + "84838281"
                + "000102030405060708090a0b0c0d0e0f"
                + "00".repeat(16)
                + "94939291"
                + "00".repeat(44)
                + "00".repeat(4096 - 1152));
    assertThat(ErofsSuperblock.read(MemorySegment.ofArray(bytes)))
        .usingRecursiveComparison()
        .isEqualTo(SUPERBLOCK);
  }

  @Test
  void checksumIsThatOfMkfs() {
    MemorySegment image = MkfsImage.empty();
    int checksum = ErofsSuperblock.read(image).checksum();

    assertThat(ErofsSuperblock.checksumOf(image)).isEqualTo(checksum);

    ErofsSuperblock.seal(image);
    assertThat(ErofsSuperblock.read(image).checksum()).isEqualTo(checksum);
  }
}

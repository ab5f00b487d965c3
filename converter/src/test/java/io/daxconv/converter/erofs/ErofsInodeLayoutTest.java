package io.daxconv.converter.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.format.Fields;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErofsInodeLayoutTest {
  private static final ErofsSuperblock SUPERBLOCK =
      new ErofsSuperblock(
          ErofsSuperblock.MAGIC,
          0,
          3,
          12,
          1,
          1,
          0x7172737475767778L,
          999,
          2,
          1,
          0,
          new byte[16],
          0);

  @ParameterizedTest
  @CsvSource({
    "i_format, 0",
    "i_xattr_icount, 2",
    "i_mode, 4",
    "i_nlink, 6",
    "i_size, 8",
    "i_u, 16",
    "i_ino, 20",
    "i_uid, 24",
    "i_gid, 26"
  })
  void compactFieldsStandWhereTheKernelReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(ErofsInode.COMPACT, field)).isEqualTo(offset);
  }

  @ParameterizedTest
  @CsvSource({
    "i_format, 0",
    "i_xattr_icount, 2",
    "i_mode, 4",
    "i_size, 8",
    "i_u, 16",
    "i_ino, 20",
    "i_uid, 24",
    "i_gid, 28",
    "i_mtime, 32",
    "i_mtime_nsec, 40",
    "i_nlink, 44"
  })
  void extendedFieldsStandWhereTheKernelReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(ErofsInode.EXTENDED, field)).isEqualTo(offset);
  }

  @Test
  void compactHasGoldenBytes() {
    ErofsInode inode =
        new ErofsInode(
            false,
            ErofsInode.FLAT_INLINE,
            0x1112,
            0xa1ff,
            0xf1f2f3f4L,
            0x31323334,
            0x41424344,
            0xe1e2,
            0xd1d2,
            SUPERBLOCK.buildTime(),
            SUPERBLOCK.buildTimeNanos(),
            0xc1c2);
    byte[] bytes = new byte[2 * ErofsInode.SLOT];
    inode.write(MemorySegment.ofArray(bytes), ErofsInode.SLOT);

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "00".repeat(32)
                + "0400"
                + "1211"
                + "ffa1"
                + "c2c1"
                + "f4f3f2f1"
                + "00000000"
                + "34333231"
                + "44434241"
                + "e2e1"
                + "d2d1"
                + "00000000");
    assertThat(ErofsInode.sizeAt(MemorySegment.ofArray(bytes), ErofsInode.SLOT)).isEqualTo(32);
    assertThat(ErofsInode.read(MemorySegment.ofArray(bytes), ErofsInode.SLOT, SUPERBLOCK))
        .isEqualTo(inode);
  }

  @Test
  void extendedHasGoldenBytes() {
    ErofsInode inode =
        new ErofsInode(
            true,
            ErofsInode.FLAT_PLAIN,
            0x1112,
            0x81a4,
            0x2122232425262728L,
            0x31323334,
            0x41424344,
            0xe1e2e3e4,
            0xd1d2d3d4,
            0x5152535455565758L,
            0x61626364,
            0xc1c2c3c4);
    byte[] bytes = new byte[3 * ErofsInode.SLOT];
    inode.write(MemorySegment.ofArray(bytes), ErofsInode.SLOT);

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "00".repeat(32)
                + "0100"
                + "1211"
                + "a481"
                + "0000"
                + "2827262524232221"
                + "34333231"
                + "44434241"
                + "e4e3e2e1"
                + "d4d3d2d1"
                + "5857565554535251"
                + "64636261"
                + "c4c3c2c1"
                + "00".repeat(16));
    assertThat(ErofsInode.sizeAt(MemorySegment.ofArray(bytes), ErofsInode.SLOT)).isEqualTo(64);
    assertThat(ErofsInode.read(MemorySegment.ofArray(bytes), ErofsInode.SLOT, SUPERBLOCK))
        .isEqualTo(inode);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 00000000",
    "1, 3, 00000103",
    "8, 255, 000008ff",
    "8, 256, 00100800",
    "259, 65537, 10010301",
    "4095, 1048575, ffffffff"
  })
  void devicesAreEncodedAsTheKernelDoes(int major, int minor, String hex) {
    int device = ErofsInode.device(major, minor);

    assertThat(HexFormat.of().toHexDigits(device)).isEqualTo(hex);
    assertThat(ErofsInode.major(device)).isEqualTo(major);
    assertThat(ErofsInode.minor(device)).isEqualTo(minor);
  }
}

package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.format.Fields;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuperblockLayoutTest {
  private static final Superblock SUPERBLOCK =
      new Superblock(
          Superblock.MAGIC,
          Superblock.VERSION,
          0x1000,
          0,
          0x1112131415161718L,
          0x2122232425262728L,
          0x3132333435363738L,
          0x4142434445464748L,
          0x51525354,
          1,
          0x6162636465666768L,
          0x7172737475767778L,
          0x8182838485868788L,
          0x91929394,
          0xa1a2a3a4,
          0xb1b2b3b4b5b6b7b8L,
          0xc1c2c3c4c5c6c7c8L,
          0xd1d2d3d4,
          0xe1e2e3e4);

  private static final String GOLDEN =
      "35786164"
          + "08000000"
          + "00100000"
          + "00000000"
          + "1817161514131211"
          + "2827262524232221"
          + "3837363534333231"
          + "4847464544434241"
          + "54535251"
          + "01000000"
          + "6867666564636261"
          + "7877767574737271"
          + "8887868584838281"
          + "94939291"
          + "a4a3a2a1"
          + "b8b7b6b5b4b3b2b1"
          + "c8c7c6c5c4c3c2c1"
          + "d4d3d2d1"
          + "e4e3e2e1";

  @ParameterizedTest
  @CsvSource({
    "magic, 0",
    "version, 4",
    "block_size, 8",
    "reserved, 12",
    "total_size, 16",
    "base_offset, 24",
    "base_size, 32",
    "inode_offset, 40",
    "inode_count, 48",
    "root_inode, 52",
    "data_offset, 56",
    "overlay_offset, 64",
    "overlay_size, 72",
    "overlay_bucket_count, 80",
    "overlay_bucket_shift, 84",
    "pcache_offset, 88",
    "pcache_size, 96",
    "pcache_slot_count, 104",
    "pcache_hash_shift, 108"
  })
  void fieldsStandWhereTheModuleReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(Superblock.LAYOUT, field)).isEqualTo(offset);
  }

  @Test
  void isFourKibibytesWhateverTheBlockSize() {
    assertThat(Superblock.LAYOUT.byteSize()).isEqualTo(4096);
    assertThat(Superblock.FIRST_UNREAD_BYTE).isEqualTo(112);
  }

  @Test
  void hasGoldenBytes() {
    byte[] bytes = new byte[Superblock.SIZE];
    SUPERBLOCK.write(MemorySegment.ofArray(bytes), 0);

    assertThat(HexFormat.of().formatHex(bytes, 0, 112)).isEqualTo(GOLDEN);
    assertThat(Arrays.copyOfRange(bytes, 112, bytes.length)).containsOnly(0);
    assertThat(Superblock.read(MemorySegment.ofArray(bytes), 0)).isEqualTo(SUPERBLOCK);
  }

  @Test
  void leavesTheUnreadBytesAlone() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[Superblock.SIZE]).fill((byte) 7);
    SUPERBLOCK.write(bytes, 0);

    assertThat(bytes.asSlice(112).toArray(ValueLayout.JAVA_BYTE)).containsOnly(7);
  }
}

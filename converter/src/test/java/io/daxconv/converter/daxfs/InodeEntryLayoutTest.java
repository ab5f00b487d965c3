package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.format.Fields;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InodeEntryLayoutTest {
  private static final InodeEntry INODE =
      new InodeEntry(
          0x11121314,
          FileMode.REGULAR | 04755,
          0x21222324,
          0xf1f2f3f4,
          0x4142434445464748L,
          0x5152535455565758L,
          0x61626364);

  @ParameterizedTest
  @CsvSource({"ino, 0", "mode, 4", "uid, 8", "gid, 12", "size, 16", "data_offset, 24", "nlink, 32"})
  void fieldsStandWhereTheModuleReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(InodeEntry.LAYOUT, field)).isEqualTo(offset);
  }

  @Test
  void hasGoldenBytes() {
    byte[] bytes = new byte[2 * InodeEntry.SIZE];
    INODE.write(MemorySegment.ofArray(bytes), InodeEntry.SIZE);

    assertThat(InodeEntry.LAYOUT.byteSize()).isEqualTo(64);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "00".repeat(64)
                + "14131211"
                + "ed890000"
                + "24232221"
                + "f4f3f2f1"
                + "4847464544434241"
                + "5857565554535251"
                + "64636261"
                + "00".repeat(28));
    assertThat(InodeEntry.read(MemorySegment.ofArray(bytes), InodeEntry.SIZE)).isEqualTo(INODE);
  }

  @Test
  void modesAreThoseOfPosix() {
    assertThat(FileMode.TYPE_MASK).isEqualTo(0xf000);
    assertThat(FileMode.FIFO).isEqualTo(0x1000);
    assertThat(FileMode.CHARACTER_DEVICE).isEqualTo(0x2000);
    assertThat(FileMode.DIRECTORY).isEqualTo(0x4000);
    assertThat(FileMode.BLOCK_DEVICE).isEqualTo(0x6000);
    assertThat(FileMode.REGULAR).isEqualTo(0x8000);
    assertThat(FileMode.SYMLINK).isEqualTo(0xa000);
    assertThat(FileMode.PERMISSIONS).isEqualTo(0xfff);
    assertThat(FileMode.type(0xa1ff)).isEqualTo(FileMode.SYMLINK);
  }
}

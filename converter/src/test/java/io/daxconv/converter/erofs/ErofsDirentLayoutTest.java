package io.daxconv.converter.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.format.Fields;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErofsDirentLayoutTest {
  private static final ErofsDirent DIRENT = new ErofsDirent(0x1112131415161718L, 0xf1f2, 0xe7);

  @ParameterizedTest
  @CsvSource({"nid, 0", "nameoff, 8", "file_type, 10"})
  void fieldsStandWhereTheKernelReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(ErofsDirent.LAYOUT, field)).isEqualTo(offset);
  }

  @Test
  void hasGoldenBytes() {
    byte[] bytes = new byte[2 * ErofsDirent.SIZE];
    DIRENT.write(MemorySegment.ofArray(bytes), ErofsDirent.SIZE);

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("00".repeat(12) + "1817161514131211" + "f2f1" + "e7" + "00");
    assertThat(ErofsDirent.read(MemorySegment.ofArray(bytes), ErofsDirent.SIZE)).isEqualTo(DIRENT);
  }

  @ParameterizedTest
  @CsvSource({
    "0100644, 1",
    "0040755, 2",
    "0020666, 3",
    "0060660, 4",
    "0010644, 5",
    "0140755, 6",
    "0120777, 7",
    "0000644, 0",
    "0170000, 0"
  })
  void fileTypesAreThoseOfLinux(String mode, int type) {
    assertThat(ErofsDirent.fileType(Integer.parseInt(mode, 8))).isEqualTo(type);
  }
}

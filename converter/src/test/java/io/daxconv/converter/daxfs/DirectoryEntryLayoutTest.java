package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.format.Fields;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectoryEntryLayoutTest {
  @ParameterizedTest
  @CsvSource({"ino, 0", "mode, 4", "name_len, 8", "name, 16"})
  void fieldsStandWhereTheModuleReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(DirectoryEntry.LAYOUT, field)).isEqualTo(offset);
  }

  @Test
  void isCountedAsOneByteLessThanItTakes() {
    assertThat(DirectoryEntry.LAYOUT.byteSize()).isEqualTo(272);
    assertThat(DirectoryEntry.STRIDE).isEqualTo(272);
    assertThat(DirectoryEntry.COUNTED_SIZE).isEqualTo(271);
  }

  @Test
  void hasGoldenBytes() {
    byte[] bytes = new byte[2 * DirectoryEntry.STRIDE];
    byte[] name = {'e', 't', (byte) 0xff};
    new DirectoryEntry(0x11121314, FileMode.DIRECTORY | 0755, 3, name)
        .write(MemorySegment.ofArray(bytes), DirectoryEntry.STRIDE);

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "00".repeat(272)
                + "14131211"
                + "ed410000"
                + "0300"
                + "00".repeat(6)
                + "6574ff"
                + "00".repeat(253));
    assertThat(DirectoryEntry.read(MemorySegment.ofArray(bytes), DirectoryEntry.STRIDE))
        .usingRecursiveComparison()
        .isEqualTo(new DirectoryEntry(0x11121314, FileMode.DIRECTORY | 0755, 3, name));
  }

  @Test
  void holdsANameOf255Bytes() {
    byte[] name = new byte[255];
    Arrays.fill(name, (byte) 'n');
    byte[] bytes = new byte[DirectoryEntry.STRIDE];
    new DirectoryEntry(1, 0, 255, name).write(MemorySegment.ofArray(bytes), 0);

    assertThat(bytes[270]).isEqualTo((byte) 'n');
    assertThat(bytes[271]).isZero();
    assertThat(DirectoryEntry.read(MemorySegment.ofArray(bytes), 0).name()).isEqualTo(name);
  }

  @Test
  void readsNoMoreOfANameThanThereIsRoomFor() {
    byte[] bytes = new byte[DirectoryEntry.STRIDE];
    bytes[8] = (byte) 0xff;
    bytes[9] = (byte) 0xff;
    DirectoryEntry entry = DirectoryEntry.read(MemorySegment.ofArray(bytes), 0);

    assertThat(entry.nameLength()).isEqualTo(65535);
    assertThat(entry.name()).hasSize(255);
  }
}

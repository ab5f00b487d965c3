package io.daxconv.converter.erofs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.format.Fields;
import io.daxconv.converter.layer.Xattrs;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErofsXattrsLayoutTest {
  @ParameterizedTest
  @CsvSource({"h_name_filter, 0", "h_shared_count, 4"})
  void headerFieldsStandWhereTheKernelReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(ErofsXattrs.HEADER, field)).isEqualTo(offset);
  }

  @ParameterizedTest
  @CsvSource({"e_name_len, 0", "e_name_index, 1", "e_value_size, 2"})
  void entryFieldsStandWhereTheKernelReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(ErofsXattrs.ENTRY, field)).isEqualTo(offset);
  }

  private static ErofsXattrs xattrs(String... namesAndValues) {
    TreeMap<String, byte[]> byName = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      byName.put(namesAndValues[i], HexFormat.of().parseHex(namesAndValues[i + 1]));
    }
    return ErofsXattrs.of(Xattrs.of(byName));
  }

  @Test
  void hasGoldenBytes() {
    ErofsXattrs xattrs = xattrs("user.ab", "010203", "security.capability", "");
    byte[] bytes = new byte[8 + 48];
    xattrs.write(MemorySegment.ofArray(bytes), 8);

    assertThat(xattrs.bytes()).isEqualTo(12 + 16 + 12);
    assertThat(xattrs.count()).isEqualTo(8);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "00".repeat(8)
                + "00".repeat(12)
                + "0a060000"
                + HexFormat.of().formatHex("capability".getBytes(US_ASCII))
                + "0000"
                + "02010300"
                + "6162"
                + "010203"
                + "000000"
                + "00".repeat(8));
  }

  @ParameterizedTest
  @CsvSource({
    "user.a, 1, a",
    "system.posix_acl_access, 2, ''",
    "system.posix_acl_default, 3, ''",
    "trusted.b, 4, b",
    "security.c, 6, c"
  })
  void prefixesHaveTheNumbersOfTheFormat(String name, int index, String suffix) {
    ErofsXattrs.Entry entry = xattrs(name, "ff").entries().getFirst();

    assertThat(entry.nameIndex()).isEqualTo(index);
    assertThat(entry.suffix()).isEqualTo(suffix.getBytes(US_ASCII));
    assertThat(entry.name()).isEqualTo(name.getBytes(US_ASCII));
  }

  @Test
  void readsNothingBeyondTheEnd() {
    byte[] bytes = HexFormat.of().parseHex("02010300" + "6162" + "010203" + "000000");
    MemorySegment image = MemorySegment.ofArray(bytes);

    assertThat(ErofsXattrs.read(image, 0, 9)).isNotNull();
    assertThat(ErofsXattrs.read(image, 0, 8)).isNull();
    assertThat(ErofsXattrs.read(image, 0, 3)).isNull();
  }
}

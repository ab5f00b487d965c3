package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.format.Fields;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageCacheHeaderLayoutTest {
  @ParameterizedTest
  @CsvSource({
    "magic, 0",
    "version, 4",
    "slot_meta_offset, 8",
    "slot_data_offset, 16",
    "evict_hand, 24",
    "pending_count, 28"
  })
  void fieldsStandWhereTheModuleReadsThem(String field, long offset) {
    assertThat(Fields.offsetOf(PageCacheHeader.LAYOUT, field)).isEqualTo(offset);
  }

  @Test
  void hasGoldenBytes() {
    PageCacheHeader header =
        new PageCacheHeader(
            PageCacheHeader.MAGIC, PageCacheHeader.VERSION, 0x1000, 0x2000, 0x11121314, 0x21222324);
    byte[] bytes = new byte[PageCacheHeader.SIZE];
    header.write(MemorySegment.ofArray(bytes), 0);

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "63616370"
                + "02000000"
                + "0010000000000000"
                + "0020000000000000"
                + "14131211"
                + "24232221");
    assertThat(PageCacheHeader.read(MemorySegment.ofArray(bytes), 0)).isEqualTo(header);
  }
}

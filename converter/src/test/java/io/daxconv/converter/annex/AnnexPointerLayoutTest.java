package io.daxconv.converter.annex;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.format.Fields;
import io.daxconv.converter.source.Digest;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnexPointerLayoutTest {
  @ParameterizedTest
  @CsvSource({"magic, 0", "version, 8", "reserved, 12", "offset, 16", "length, 24", "sha256, 32"})
  void fieldsStandWhereTheDocumentationSays(String field, long offset) {
    assertThat(Fields.offsetOf(AnnexPointer.LAYOUT, field)).isEqualTo(offset);
  }

  @Test
  void standsInTheSuperblocksReservedBytes() {
    assertThat(AnnexPointer.POSITION).isEqualTo(512);
    assertThat(AnnexPointer.LAYOUT.byteSize()).isEqualTo(64);
  }

  @Test
  void hasGoldenBytes() {
    AnnexPointer pointer =
        new AnnexPointer(1, 0x1112131415161718L, 0x21222324L, Digest.sha256(new byte[0]));
    byte[] image = new byte[4096];
    pointer.write(MemorySegment.ofArray(image));

    assertThat(new String(image, 512, 8, StandardCharsets.US_ASCII)).isEqualTo("daxannex");
    assertThat(HexFormat.of().formatHex(image))
        .isEqualTo(
            "00".repeat(512)
                + "646178616e6e6578"
                + "01000000"
                + "00000000"
                + "1817161514131211"
                + "2423222100000000"
                + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                + "00".repeat(4096 - 576));
    assertThat(AnnexPointer.read(MemorySegment.ofArray(image))).isEqualTo(pointer);
  }

  @Test
  void isNotThereWithoutItsMagic() {
    assertThat(AnnexPointer.read(MemorySegment.ofArray(new byte[4096]))).isNull();
  }
}

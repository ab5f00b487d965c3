package io.daxconv.converter.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BaseTargetTest {
  @Test
  void readsEachKind() throws MountPlanException {
    assertThat(BaseTarget.parse("phys:0x100000000:1048576"))
        .isEqualTo(new BaseTarget.Physical(0x1_0000_0000L, 1 << 20));
    assertThat(BaseTarget.parse("phys:4096:0x1000")).isEqualTo(new BaseTarget.Physical(4096, 4096));
    assertThat(BaseTarget.parse("device-dax:dax0.1")).isEqualTo(new BaseTarget.DeviceDax("dax0.1"));
    assertThat(BaseTarget.parse("dma-buf")).isEqualTo(new BaseTarget.DmaBuf("system"));
    assertThat(BaseTarget.parse("dma-buf:linux,cma")).isEqualTo(new BaseTarget.DmaBuf("linux,cma"));
    assertThat(BaseTarget.parse("file")).isEqualTo(new BaseTarget.ImageFile());
    assertThat(BaseTarget.parse("pmem:/dev/pmem1")).isEqualTo(new BaseTarget.Pmem("/dev/pmem1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "phys:0x8000000000000000:4096",
        "device-dax:dax12.3",
        "dma-buf:system",
        "file",
        "pmem:/dev/pmem0.1p2"
      })
  void writesWhatItReads(String text) throws MountPlanException {
    assertThat(BaseTarget.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          dax0.0             | expected phys:ADDRESS:SIZE, device-dax:NAME, dma-buf[:HEAP], file or pmem:/dev/pmemN, found "dax0.0"
          phys:0x1000        | expected phys:ADDRESS:SIZE, device-dax:NAME, dma-buf[:HEAP], file or pmem:/dev/pmemN, found "phys:0x1000"
          phys:1k:4096       | expected a number of bytes below 2^64, found "1k"
          phys:4096:+1       | expected a number of bytes below 2^64, found "+1"
          phys:4096:         | expected a number of bytes below 2^64, found ""
          phys:0:4096        | physical address: expected other than 0, found 0
          phys:4096:0        | size: expected more than 0 bytes, found 0
          phys:0xfffffffffffff000:0x1001 | range: expected its end below 2^64, found 0xfffffffffffff000 and 4097 bytes
          device-dax:../sda  | device-DAX: expected a name such as dax0.0, found "../sda"
          dma-buf:a/b        | DMA heap: expected a name such as system, found "a/b"
          file:x             | expected phys:ADDRESS:SIZE, device-dax:NAME, dma-buf[:HEAP], file or pmem:/dev/pmemN, found "file:x"
          pmem:pmem0         | pmem device: expected one such as /dev/pmem0, found "pmem0"
          pmem:/dev/pmem0s   | pmem device: expected one such as /dev/pmem0, found "/dev/pmem0s"
          pmem:/dev/sda      | pmem device: expected one such as /dev/pmem0, found "/dev/sda"
          """)
  void refusesTheRest(String text, String message) {
    assertThatThrownBy(() -> BaseTarget.parse(text))
        .isInstanceOf(MountPlanException.class)
        .hasMessage("base target: " + message);
  }

  @Test
  void aRangeMayEndWhereAddressesEnd() throws MountPlanException {
    assertThat(BaseTarget.parse("phys:0xfffffffffffff000:4096"))
        .isEqualTo(new BaseTarget.Physical(-4096, 4096));
  }
}

package io.daxconv.converter.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LoadTargetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dax:/dev/dax0.0",
        "pmem:/dev/pmem1.2",
        "dma-heap:/dev/dma_heap/system",
        "lazy-cma:/dev/lazy_cma",
        "lazy-cma:/dev/lazy_cma,3",
        "tmpfs:/dev/shm/a,b",
        "file:/a:b"
      })
  void readsWhatItWrites(String text) {
    assertThat(LoadTarget.parse(text)).hasToString(text);
  }

  @Test
  void readsRangesInAnyUnit() {
    assertThat(LoadTarget.parse("phys:0x100000000,1G"))
        .isEqualTo(new LoadTarget.Physical(1L << 32, 1L << 30))
        .isEqualTo(LoadTarget.parse("phys:4G,1024M"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          floppy:/dev/fd0            | target: expected dax:, pmem:
          pmem:                      | target: expected dax:, pmem:
          dax:/dev/dax0              | dax: expected a device such as /dev/dax0.0
          pmem:/dev/sda              | pmem: expected a device such as /dev/pmem0
          phys:4G                    | phys: expected ADDRESS,SIZE
          phys:0,4096                | phys: expected an address other than 0
          phys:4G,0                  | phys: expected a size of more than 0 bytes
          phys:4G,-1                 | phys: expected bytes such as 0x100000000 or 512M
          phys:0x7fffffffffffffff,2  | phys: expected a range that ends below 2^63
          phys:9223372036854775807K,1 | phys: expected a number of bytes below 2^63
          """)
  void refusesOthers(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LoadTarget.parse(text))
        .withMessageStartingWith(message);
  }
}

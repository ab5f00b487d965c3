package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtentTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, true",
    "0, 10, 10, true",
    "10, 0, 10, true",
    "10, 1, 10, false",
    "11, 0, 10, false",
    "9, 2, 10, false",
    "9223372036854775807, 9223372036854775807, 10, false",
    "1, -1, 10, false",
    "-1, 1, 10, false",
    "-8, 16, 10, false"
  })
  void isWithinALimitWithoutOverflow(long offset, long size, long limit, boolean within) {
    assertThat(new Extent(offset, size).within(limit)).isEqualTo(within);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 10, 5, false",
    "0, 10, 9, 5, true",
    "9, 5, 0, 10, true",
    "3, 2, 0, 10, true",
    "3, 0, 0, 10, false",
    "0, 10, 3, 0, false"
  })
  void overlapsWhereAByteIsShared(long a, long aSize, long b, long bSize, boolean overlaps) {
    assertThat(new Extent(a, aSize).overlaps(new Extent(b, bSize))).isEqualTo(overlaps);
  }

  @Test
  void showsUnsignedNumbers() {
    assertThat(new Extent(-1, 5)).hasToString("5 bytes at 18446744073709551615");
  }
}

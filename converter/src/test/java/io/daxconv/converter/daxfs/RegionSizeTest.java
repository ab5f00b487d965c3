package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Overlay and page cache regions are as large as mkdaxfs makes them. */
class RegionSizeTest {
  @ParameterizedTest
  @CsvSource({
    // pool, block, buckets, region: a block, 16 bytes a bucket in whole blocks, the pool
    "67108864, 4096, 65536, 68161536",
    "67108864, 65536, 65536, 68222976",
    "134217728, 4096, 65536, 135270400",
    "134221824, 4096, 131072, 136323072",
    "1, 4096, 65536, 1056768",
  })
  void anOverlayHasBucketsForItsPool(long pool, int block, int buckets, long bytes) {
    OverlaySize size = OverlaySize.of(pool, block);

    assertThat(size.buckets()).isEqualTo(buckets);
    assertThat(1 << size.bucketShift()).isEqualTo(buckets);
    assertThat(size.bytes(block)).isEqualTo(bytes);
    OverlayHeader header = size.header(block, 12);
    assertThat(header.bucketOffset()).isEqualTo(block);
    assertThat(header.poolOffset() + header.poolSize()).isEqualTo(bytes);
    assertThat(header.nextInode()).isEqualTo(12);
    assertThat(header.poolAllocated()).isZero();
  }

  @Test
  void theSmallestOverlayIsTwoBlocks() {
    assertThat(OverlaySize.SMALLEST.bytes(4096)).isEqualTo(8192);
    assertThat(OverlaySize.SMALLEST.bytes(65536)).isEqualTo(131072);
    assertThat(OverlaySize.SMALLEST.bucketShift()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    // data, block, slots, region: a block, 16 bytes a slot in whole blocks, a block a slot
    "0, 4096, 16, 73728",
    "4096, 4096, 16, 73728",
    "131071, 4096, 32, 139264",
    "135168, 4096, 32, 139264",
    "1073741824, 4096, 262144, 1077940224",
    "1073741824, 16384, 65536, 1074806784",
  })
  void aPageCacheHasSlotsForItsData(long data, int block, int slots, long bytes) {
    PageCacheSize size = PageCacheSize.of(data, block);

    assertThat(size.slots()).isEqualTo(slots);
    assertThat(1 << size.hashShift()).isEqualTo(slots);
    assertThat(size.bytes(block)).isEqualTo(bytes);
    assertThat(size.header(block).slotMetaOffset()).isEqualTo(block);
    assertThat(size.header(block).slotDataOffset()).isEqualTo(bytes - (long) slots * block);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 3, 65535, Integer.MIN_VALUE})
  void numbersOfBucketsArePowersOfTwo(int buckets) {
    assertThatThrownBy(() -> new OverlaySize(4096, buckets))
        .hasMessageContaining("buckets: expected a power of two, at most 1073741824, found");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 9, Integer.MIN_VALUE})
  void numbersOfSlotsArePowersOfTwoFromEightOn(int slots) {
    assertThatThrownBy(() -> new PageCacheSize(slots))
        .hasMessageContaining("pcache-slots: expected a power of two from 8 to 1073741824, found");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, OverlaySize.MOST_POOL + 1})
  void poolsHaveALimit(long pool) {
    assertThatThrownBy(() -> new OverlaySize(pool, 1)).hasMessageContaining("bytes of pool, found");
  }
}

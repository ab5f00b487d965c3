package io.daxconv.converter.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.FileMode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErofsDataTest {
  private static final long LIMIT = 16 * 4096;

  private final List<String> broken = new ArrayList<>();

  private static PlacedInode inode(int layout, long at, long size, int block) {
    ErofsInode inode =
        new ErofsInode(false, layout, 0, FileMode.REGULAR | 0644, size, block, 1, 0, 0, 0, 0, 1);
    return new PlacedInode(1, at, inode);
  }

  private ErofsData of(PlacedInode inode) {
    ErofsData data = ErofsData.of(inode, LIMIT, (id, place, expected, found) -> broken.add(id));
    return data == null ? new ErofsData(new Extent(-1, -1), new Extent(-1, -1)) : data;
  }

  @ParameterizedTest
  @CsvSource({
    // size, bytes in blocks, bytes behind the inode
    "1, 0, 1",
    "4063, 0, 4063",
    "4064, 0, 4064",
    "4097, 4096, 1",
    "8191, 4096, 4095",
    "8192, 4096, 4096"
  })
  void inlineDataEndsBehindTheInode(long size, long blocks, long tail) {
    // The inode is the last of its block, so that even a whole block fits behind it.
    ErofsData data = of(inode(ErofsInode.FLAT_INLINE, 2 * 4096 - 32, size, 3));

    assertThat(broken).isEmpty();
    assertThat(data.blocks().size()).isEqualTo(blocks);
    assertThat(data.tail()).isEqualTo(new Extent(2 * 4096, tail));
    assertThat(data.size()).isEqualTo(size);
  }

  @Test
  void plainDataStandsInBlocks() {
    ErofsData data = of(inode(ErofsInode.FLAT_PLAIN, 0, 5000, 14));

    assertThat(data.blocks()).isEqualTo(new Extent(14 * 4096, 5000));
    assertThat(data.blockCount()).isEqualTo(2);
    assertThat(data.block(0)).isEqualTo(new Extent(14 * 4096, 4096));
    assertThat(data.block(1)).isEqualTo(new Extent(15 * 4096, 904));
  }

  @Test
  void withoutDataTheAddressMeansNothing() {
    assertThat(of(inode(ErofsInode.FLAT_PLAIN, 0, 0, -1)).size()).isZero();
    assertThat(of(inode(ErofsInode.FLAT_INLINE, 0, 0, -1)).size()).isZero();
    assertThat(broken).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4097, 15, erofs-data-beyond-image",
    "0, 1, 16, erofs-data-beyond-image",
    "0, 1, -1, erofs-data-beyond-image",
    "0, -1, 1, erofs-data-beyond-image",
    "0, 0x7fffffffffffffff, 1, erofs-data-beyond-image",
    "2, -1, 1, erofs-data-beyond-image",
    "2, 0x7fffffffffffffff, 1, erofs-data-beyond-image",
    "2, 4065, 1, erofs-inline-crosses-block",
    "2, 4096, 1, erofs-inline-crosses-block",
    "2, 8192, 1, erofs-inline-crosses-block",
    "1, 1, 1, erofs-inode-layout",
    "4, 1, 1, erofs-inode-layout",
    "10, 1, 1, erofs-inode-layout"
  })
  void saysWhatIsBroken(int layout, String size, int block, String id) {
    of(inode(layout, 0, Long.decode(size), block));

    assertThat(broken).containsExactly(id);
  }
}

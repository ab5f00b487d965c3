package io.daxconv.converter.extent;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zeros that are not looked at count as if they were. */
class ContentChecksumTest {

  @Test
  void isCrc32c() {
    ContentChecksum checksum = new ContentChecksum();
    assertThat(checksum.value()).isZero();
    checksum.data(ByteBuffer.wrap("123456789".getBytes(US_ASCII)));
    // The check value of CRC-32C, and the one of 32 zeros in RFC 3720, appendix B.4.
    assertThat(checksum.value()).isEqualTo(0xe3069283);
    ContentChecksum zeros = new ContentChecksum();
    zeros.zeros(32);
    assertThat(zeros.value()).isEqualTo(0x8a9136aa);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 7, 8, 9, 511, 512, 4096, 65_537, 1 << 24, (1L << 28) + 3})
  void zerosAreAsIfTheyHadBeenRead(long count) {
    ContentChecksum checksum = new ContentChecksum();
    CRC32C naive = new CRC32C();
    byte[] bytes = "before".getBytes(US_ASCII);
    checksum.data(ByteBuffer.wrap(bytes));
    naive.update(bytes);
    checksum.zeros(count);
    update(naive, count);
    assertThat(checksum.value()).isEqualTo((int) naive.getValue());
    checksum.data(ByteBuffer.wrap(bytes));
    naive.update(bytes);
    assertThat(checksum.value()).isEqualTo((int) naive.getValue());
  }

  @Test
  void dataAndZerosInAnyOrder() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 500; round++) {
      ContentChecksum checksum = new ContentChecksum();
      CRC32C naive = new CRC32C();
      for (int piece = random.nextInt(8); piece > 0; piece--) {
        int length = random.nextInt(1 << random.nextInt(14));
        if (random.nextBoolean()) {
          byte[] bytes = new byte[length];
          random.nextBytes(bytes);
          checksum.data(ByteBuffer.wrap(bytes));
          naive.update(bytes);
        } else {
          checksum.zeros(length);
          update(naive, length);
        }
      }
      assertThat(checksum.value()).isEqualTo((int) naive.getValue());
    }
  }

  @Test
  void zerosInTwoPiecesAreZerosInOne() {
    ContentChecksum one = new ContentChecksum();
    one.zeros((1L << 60) + 12345);
    ContentChecksum two = new ContentChecksum();
    two.zeros(1L << 60);
    two.zeros(12345);
    assertThat(one.value()).isEqualTo(two.value());
    two.zeros(1);
    assertThat(one.value()).isNotEqualTo(two.value());
  }

  private static void update(CRC32C crc, long zeros) {
    byte[] some = new byte[1 << 16];
    for (long left = zeros; left > 0; left -= some.length) {
      crc.update(some, 0, (int) Math.min(left, some.length));
    }
  }
}

package io.daxconv.converter.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SegmentStreamTest {
  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(5).nextBytes(bytes);
    return bytes;
  }

  @Test
  void readsAllBytes() throws IOException {
    byte[] bytes = random(100_000);
    assertThat(new SegmentStream(MemorySegment.ofArray(bytes)).readAllBytes()).isEqualTo(bytes);
  }

  @Test
  void readsByteByByteUnsigned() throws IOException {
    SegmentStream stream = new SegmentStream(MemorySegment.ofArray(new byte[] {(byte) 0xff, 1}));

    assertThat(stream.read()).isEqualTo(0xff);
    assertThat(stream.read()).isEqualTo(1);
    assertThat(stream.read()).isEqualTo(-1);
    assertThat(stream.read(new byte[0], 0, 0)).isZero();
    assertThat(stream.read(new byte[1], 0, 1)).isEqualTo(-1);
  }

  @Test
  void hashesInPieces() {
    byte[] bytes = random(200_001);
    assertThat(SegmentDigest.sha256(MemorySegment.ofArray(bytes))).isEqualTo(Digest.sha256(bytes));
    assertThat(SegmentDigest.sha256(MemorySegment.NULL)).isEqualTo(Digest.sha256(new byte[0]));
  }
}

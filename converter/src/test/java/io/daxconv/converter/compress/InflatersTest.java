package io.daxconv.converter.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InflatersTest {
  private static final String PROPERTY = "daxconv.inflater";

  @AfterEach
  void chooseAsUsual() {
    System.clearProperty(PROPERTY);
  }

  /** Debian's isal brings both the program and the library. */
  @Test
  @RequiresTools("igzip")
  void isalIsUsedWhereItIsInstalled() throws IOException {
    assertThat(Inflaters.hasIsal()).isTrue();
    try (Inflate inflate = Inflaters.open()) {
      assertThat(inflate).isInstanceOf(IsalInflate.class);
    }
  }

  @Test
  void theJdksCanBeChosen() throws IOException {
    System.setProperty(PROPERTY, "jdk");
    try (Inflate inflate = Inflaters.open()) {
      assertThat(inflate).isInstanceOf(JdkInflate.class);
    }
  }

  @Test
  void anyOtherChoiceIsAnError() {
    System.setProperty(PROPERTY, "zlib-ng");
    assertThatThrownBy(Inflaters::open)
        .isInstanceOf(CompressionException.class)
        .hasMessage("DAXCONV_INFLATER: expected auto, isal or jdk, found \"zlib-ng\"");
  }

  /** Stored, fixed and dynamic blocks; input and output in pieces; bytes behind the end. */
  @Test
  void allDecodersGiveTheSame() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 60; round++) {
      byte[] text = new byte[random.nextInt(200_000)];
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) (round % 3 == 0 ? random.nextInt() : random.nextInt(4 + round));
      }
      byte[] data = deflate(text, round % 10, random);
      assertThat(inflate(new JdkInflate(), data, random)).isEqualTo(text);
      if (Inflaters.hasIsal()) {
        Inflate isal = new IsalInflate(Isal.load().orElseThrow());
        assertThat(inflate(isal, data, random)).isEqualTo(text);
      }
    }
  }

  private static byte[] deflate(byte[] text, int level, SplittableRandom random) {
    Deflater deflater = new Deflater(level, true);
    try {
      deflater.setInput(text);
      deflater.finish();
      byte[] data = new byte[2 * text.length + 100];
      int length = deflater.deflate(data);
      // What follows a member must not be touched.
      byte[] all = java.util.Arrays.copyOf(data, length + random.nextInt(20));
      java.util.Arrays.fill(all, length, all.length, (byte) 0x5a);
      return all;
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(Inflate inflate, byte[] data, SplittableRandom random)
      throws IOException {
    ByteBuffer out = ByteBuffer.allocateDirect(300_000);
    ByteBuffer in = ByteBuffer.allocateDirect(data.length).put(data).flip();
    int end = data.length;
    boolean ended = false;
    try (inflate) {
      while (!ended) {
        in.limit(Math.min(end, in.position() + 1 + random.nextInt(10_000)));
        out.limit(Math.min(out.capacity(), out.position() + 1 + random.nextInt(50_000)));
        ended = inflate.inflate(in, out);
      }
    }
    for (int i = in.position(); i < end; i++) {
      assertThat(in.limit(end).get(i)).isEqualTo((byte) 0x5a);
    }
    assertThat(end - in.position()).isLessThan(20);
    byte[] text = new byte[out.position()];
    out.flip().get(text);
    return text;
  }
}

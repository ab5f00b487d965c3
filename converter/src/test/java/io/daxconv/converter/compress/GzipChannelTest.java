package io.daxconv.converter.compress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 1952, member by member. */
class GzipChannelTest {
  private static byte[] member(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** With every decoder that is here, and the input in pieces of several sizes. */
  private static String read(byte[] gzip) throws IOException {
    String text = read(gzip, new JdkInflate(), Integer.MAX_VALUE);
    for (int piece : new int[] {1, 3, 7, 1000}) {
      assertThat(read(gzip, new JdkInflate(), piece)).isEqualTo(text);
    }
    if (Inflaters.hasIsal()) {
      for (int piece : new int[] {1, 3, 7, 1000, Integer.MAX_VALUE}) {
        Inflate isal = new IsalInflate(Isal.load().orElseThrow());
        assertThat(read(gzip, isal, piece)).isEqualTo(text);
      }
    }
    return text;
  }

  private static String read(byte[] gzip, Inflate inflate, int piece) throws IOException {
    ReadableByteChannel blob = new Pieces(ByteBuffer.wrap(gzip), piece);
    ByteBuffer out = ByteBuffer.allocateDirect(1 << 12);
    try (GzipChannel in = new GzipChannel(blob, inflate)) {
      while (in.read(out) >= 0) {}
    }
    return UTF_8.decode(out.flip()).toString();
  }

  @Test
  void membersInARowAreOneStream() throws IOException {
    assertThat(read(join(member("one"), member(""), member("two")))).isEqualTo("onetwo");
  }

  @Test
  void zerosMayFollow() throws IOException {
    assertThat(read(join(member("one"), new byte[100_000]))).isEqualTo("one");
  }

  @Test
  void headersMayHaveAllTheirFields() throws IOException {
    byte[] plain = member("one");
    byte[] header =
        join(
            HexFormat.of().parseHex("1f8b08" + "1e" + "000000000003"),
            HexFormat.of().parseHex("0200" + "abcd"),
            "name\0comment\0".getBytes(UTF_8));
    CRC32 crc = new CRC32();
    crc.update(header);
    byte[] sum = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};

    byte[] body = Arrays.copyOfRange(plain, 10, plain.length);
    assertThat(read(join(header, sum, body))).isEqualTo("one");
    sum[0]++;
    assertThatThrownBy(() -> read(join(header, sum, body)))
        .hasMessageContaining("checksum of a member's header");
  }

  /** Java's own reader takes each of these for the end of the stream. */
  @ParameterizedTest
  @ValueSource(strings = {"01", "1f8b09", "1f8b08e0", "000001", "1f00"})
  void anythingElseBehindAMemberIsAnError(String behind) throws IOException {
    byte[] gzip = join(member("one"), HexFormat.of().parseHex(behind), new byte[20]);

    assertThatThrownBy(() -> read(gzip))
        .isInstanceOf(CompressionException.class)
        .hasMessageStartingWith("corrupt layer: its gzip data cannot be read: ");
  }

  @Test
  void everyCutIsAnError() throws IOException {
    byte[] gzip = join(member("one"), member("two"));
    int end = member("one").length;
    for (int length = 0; length < gzip.length; length++) {
      byte[] cut = Arrays.copyOf(gzip, length);
      if (length == end) {
        assertThat(read(cut)).isEqualTo("one");
      } else {
        assertThatThrownBy(() -> read(cut)).isInstanceOf(EOFException.class);
      }
    }
  }

  @Test
  void checksumAndLengthAreChecked() throws IOException {
    byte[] gzip = member("one");
    for (int i = 1; i <= 8; i++) {
      byte[] changed = gzip.clone();
      changed[changed.length - i]++;
      assertThatThrownBy(() -> read(changed)).hasMessageContaining("does not hold");
    }
  }
}

package io.daxconv.converter.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.compress.Compression;
import io.daxconv.converter.compress.CompressionException;
import io.daxconv.converter.compress.Inflaters;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Compressed bytes: the decoders of gzip say the same of them, in whatever pieces they come and go,
 * and so does that of zstd.
 *
 * <p>The low two bits of the first byte say whether the bytes from the third on are the blob (0 and
 * 1) or deflate data (2 and 3) that gets a gzip header and the trailer that it should have; the
 * second byte says in what pieces they are read and given.
 */
final class DecoderTarget {
  private static final String PROPERTY = "daxconv.inflater";
  private static final int MOST = 1 << 20;
  private static final byte[] HEADER = HexFormat.of().parseHex("1f8b0800000000000003");

  private enum End {
    WHOLE,
    LONGER,
    /** The deflate data is what it should be, what surrounds it is not. */
    WRONG_CHECKSUM,
    /** zlib refuses a Huffman code that has fewer symbols than fit, which ISA-L takes. */
    INCOMPLETE_CODE,
    CORRUPT
  }

  /** What came of a blob. Where it is refused, how much came before is the decoder's own affair. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Result(End end, byte[] bytes) {
    void assertSame(Result other) {
      if ((end == End.LONGER) != (other.end == End.LONGER)) {
        // What is wrong behind the last byte that is compared may be seen before that byte is
        // given.
        assertThat(List.of(end, other.end)).doesNotContain(End.WHOLE);
        return;
      }
      assertThat(other.end).isEqualTo(end);
      assertThat(other.bytes).isEqualTo(bytes);
    }
  }

  private DecoderTarget() {}

  static void run(byte[] input) throws IOException {
    if (input.length < 2) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 2, input.length);
    byte[] blob = (input[0] & 2) == 0 ? bytes : wrapped(bytes);
    int in = 1 + (input[1] & 15) * (input[1] & 15);
    int out = 1 + (input[1] >> 4 & 15) * (input[1] >> 4 & 15) * 5;
    Result whole = decode("jdk", blob, Integer.MAX_VALUE, 1 << 16);
    whole.assertSame(decode("jdk", blob, in, out));
    if (Inflaters.hasIsal()) {
      Result isal = decode("isal", blob, Integer.MAX_VALUE, 1 << 16);
      isal.assertSame(decode("isal", blob, in, out));
      if (whole.end != End.INCOMPLETE_CODE) {
        whole.assertSame(isal);
      }
    }
  }

  private static Result decode(String inflater, byte[] blob, int in, int out) throws IOException {
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocateDirect(out);
    System.setProperty(PROPERTY, inflater);
    try (ReadableByteChannel decoded =
        Compression.decompress(new Pieces(ByteBuffer.wrap(blob), in))) {
      for (int read = decoded.read(buffer); read >= 0; read = decoded.read(buffer)) {
        assertThat(read).isEqualTo(buffer.position()).isPositive();
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes).clear();
        found.writeBytes(bytes);
        if (found.size() >= MOST) {
          return new Result(End.LONGER, Arrays.copyOf(found.toByteArray(), MOST));
        }
      }
      return new Result(End.WHOLE, found.toByteArray());
    } catch (CompressionException e) {
      String message = Objects.requireNonNull(e.getMessage());
      assertThat(message).matches("[ -~…]+");
      return new Result(end(message), new byte[0]);
    } catch (EOFException e) {
      return new Result(End.CORRUPT, new byte[0]);
    } finally {
      System.clearProperty(PROPERTY);
    }
  }

  private static End end(String message) {
    if (message.endsWith("checksum or length does not hold")) {
      return End.WRONG_CHECKSUM;
    }
    // "invalid distances set" and the like (inflate.c).
    return message.endsWith(" set") ? End.INCOMPLETE_CODE : End.CORRUPT;
  }

  /** The bytes in a gzip member, as far as zlib takes them for deflate data, and what is behind. */
  private static byte[] wrapped(byte[] data) {
    Inflater inflater = new Inflater(true);
    CRC32 crc = new CRC32();
    inflater.setInput(data);
    try {
      byte[] piece = new byte[1 << 14];
      while (!inflater.finished() && inflater.getBytesWritten() < 2 * MOST) {
        int count = inflater.inflate(piece);
        crc.update(piece, 0, count);
        if (count == 0) {
          break;
        }
      }
    } catch (DataFormatException e) {
      // What ISA-L says of it then is compared in the same way: the trailer is a wrong one.
    }
    int end = inflater.finished() ? (int) inflater.getBytesRead() : data.length;
    ByteBuffer blob =
        ByteBuffer.allocate(HEADER.length + data.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    blob.put(HEADER).put(data, 0, end);
    blob.putInt((int) crc.getValue()).putInt((int) inflater.getBytesWritten());
    inflater.end();
    return blob.put(data, end, data.length - end).array();
  }

  /** The blob, so many bytes at a time. */
  private record Pieces(ByteBuffer bytes, int most) implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer into) {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      int count = Math.min(most, Math.min(bytes.remaining(), into.remaining()));
      into.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}

package io.daxconv.converter.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * How a blob is compressed, told by its first bytes: media types are often wrong (image-spec
 * media-types.md names tar, tar+gzip and tar+zstd).
 */
public enum Compression {
  GZIP,
  ZSTD,
  NONE;

  private static final int LONGEST_MAGIC = 6;

  /**
   * Reads the blob's tar. Several gzip members or zstd frames in a row are one tar. A compressed
   * blob that ends too early gives an {@link java.io.EOFException}.
   *
   * @return a channel to read into direct buffers; closing it closes the blob
   */
  public static ReadableByteChannel decompress(ReadableByteChannel blob) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(LONGEST_MAGIC);
    while (start.hasRemaining() && blob.read(start) >= 0) {}
    byte[] magic = Arrays.copyOf(start.array(), start.position());
    ReadableByteChannel whole = new Pushback(start.flip(), blob);
    return switch (of(magic)) {
      case GZIP -> new GzipChannel(whole, Inflaters.open());
      case ZSTD -> new ZstdChannel(whole);
      case NONE -> whole;
    };
  }

  static Compression of(byte[] start) throws CompressionException {
    if (startsWith(start, 0x1f, 0x8b)) {
      return GZIP;
    }
    if (startsWith(start, 0x28, 0xb5, 0x2f, 0xfd) || isSkippableFrame(start)) {
      return ZSTD;
    }
    if (startsWith(start, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      throw unsupported("xz");
    }
    if (startsWith(start, 'B', 'Z', 'h')) {
      throw unsupported("bzip2");
    }
    return NONE;
  }

  /** RFC 8878, section 3.1.2: magic numbers 0x184D2A50 to 0x184D2A5F. */
  private static boolean isSkippableFrame(byte[] start) {
    return start.length >= 4
        && (start[0] & 0xf0) == 0x50
        && start[1] == 0x2a
        && start[2] == 0x4d
        && start[3] == 0x18;
  }

  private static boolean startsWith(byte[] start, int... magic) {
    byte[] expected = new byte[magic.length];
    for (int i = 0; i < magic.length; i++) {
      expected[i] = (byte) magic[i];
    }
    return start.length >= expected.length
        && Arrays.equals(start, 0, expected.length, expected, 0, expected.length);
  }

  private static CompressionException unsupported(String name) {
    return new CompressionException("compression: expected gzip, zstd or none, found " + name);
  }

  /** The blob with the bytes in front that were read to look at. */
  private record Pushback(ByteBuffer start, ReadableByteChannel rest)
      implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer into) throws IOException {
      if (!start.hasRemaining()) {
        return rest.read(into);
      }
      int count = Math.min(start.remaining(), into.remaining());
      into.put(start.slice(start.position(), count));
      start.position(start.position() + count);
      return count;
    }

    @Override
    public boolean isOpen() {
      return rest.isOpen();
    }

    @Override
    public void close() throws IOException {
      rest.close();
    }
  }
}

package io.daxconv.converter.layer;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;

/**
 * How a blob is compressed, told by its first bytes: media types are often wrong (image-spec
 * media-types.md names tar, tar+gzip and tar+zstd).
 */
enum Compression {
  GZIP,
  ZSTD,
  NONE;

  /** Reads the blob's tar. Several gzip members or zstd frames in a row are one tar. */
  static InputStream decompress(InputStream blob) throws IOException {
    PushbackInputStream in = new PushbackInputStream(blob, 6);
    byte[] start = in.readNBytes(6);
    in.unread(start);
    return switch (of(start)) {
      case GZIP -> new GzipStream(in);
      case ZSTD -> new ZstdInputStream(in);
      case NONE -> in;
    };
  }

  static Compression of(byte[] start) throws TarFormatException {
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

  private static TarFormatException unsupported(String name) {
    return new TarFormatException("compression: expected gzip, zstd or none, found " + name);
  }
}

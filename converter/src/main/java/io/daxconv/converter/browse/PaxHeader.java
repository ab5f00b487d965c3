package io.daxconv.converter.browse;

import io.daxconv.converter.text.Escapes;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one tar entry: a ustar block (POSIX pax, "ustar Interchange Format"), before it an
 * extended header where the block has no room. Names that fit stand in the block as they are.
 */
final class PaxHeader {
  static final int BLOCK = 512;

  private static final int NAME = 100;
  private static final int PREFIX_AT = 345;
  private static final int PREFIX = 155;
  private static final long MOST_ID = 07777777;
  private static final long MOST_SIZE = 077777777777L;

  private final ByteArrayOutputStream records = new ByteArrayOutputStream();
  private final byte[] block = new byte[BLOCK];
  private boolean binary;

  PaxHeader(char type, byte[] path, byte[] link, FileInode inode, long size) {
    path(path);
    TarUtils.formatLongOctalBytes(inode.permissions(), block, 100, 8);
    number("uid", inode.uid(), MOST_ID, 108, 8);
    number("gid", inode.gid(), MOST_ID, 116, 8);
    number("size", size, MOST_SIZE, 124, 12);
    time(inode.mtime());
    block[156] = (byte) type;
    if (link.length > NAME) {
      text("linkpath", link);
    }
    System.arraycopy(link, 0, block, 157, Math.min(link.length, NAME));
    ascii("ustar\00000", 257);
    TarUtils.formatLongOctalBytes(inode.major(), block, 329, 8);
    TarUtils.formatLongOctalBytes(inode.minor(), block, 337, 8);
  }

  /** The block of an extended header. */
  private PaxHeader(int size) {
    ascii("PaxHeader", 0);
    TarUtils.formatLongOctalBytes(0644, block, 100, 8);
    TarUtils.formatLongOctalBytes(0, block, 108, 8);
    TarUtils.formatLongOctalBytes(0, block, 116, 8);
    TarUtils.formatLongOctalBytes(size, block, 124, 12);
    TarUtils.formatLongOctalBytes(0, block, 136, 12);
    block[156] = 'x';
    ascii("ustar\00000", 257);
  }

  private void path(byte[] path) {
    if (path.length <= NAME) {
      System.arraycopy(path, 0, block, 0, path.length);
      return;
    }
    // The prefix ends before a slash that leaves at most 100 bytes, and at least one, behind it.
    for (int i = Math.max(1, path.length - NAME - 1); i <= PREFIX && i < path.length - 1; i++) {
      if (path[i] == '/') {
        System.arraycopy(path, 0, block, PREFIX_AT, i);
        System.arraycopy(path, i + 1, block, 0, path.length - i - 1);
        return;
      }
    }
    text("path", path);
    System.arraycopy(path, 0, block, 0, NAME);
  }

  private void number(String key, long value, long most, int at, int width) {
    if (value > most) {
      record(key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }
    TarUtils.formatLongOctalBytes(value > most ? 0 : value, block, at, width);
  }

  /** Seconds with a fraction, which is counted up from the second: -1.5 s are -2 and 0.5. */
  private void time(@Nullable Mtime mtime) {
    long seconds = mtime == null ? 0 : mtime.seconds();
    int nanos = mtime == null ? 0 : mtime.nanos();
    if (nanos != 0 || seconds < 0 || seconds > MOST_SIZE) {
      BigDecimal time = BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos, 9));
      record(
          "mtime", time.stripTrailingZeros().toPlainString().getBytes(StandardCharsets.US_ASCII));
    }
    long rounded = Math.clamp(seconds, 0, MOST_SIZE);
    TarUtils.formatLongOctalBytes(rounded, block, 136, 12);
  }

  /** An xattr, as star, GNU tar, bsdtar and Go have it; GNU tar escapes what ends a key. */
  void xattr(String escapedName, byte[] value) {
    String name = new String(Escapes.unescape(escapedName), StandardCharsets.ISO_8859_1);
    String key = name.contains("=") ? name.replace("%", "%25").replace("=", "%3D") : name;
    record("SCHILY.xattr." + key, value);
  }

  private void text(String key, byte[] value) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
    } catch (CharacterCodingException e) {
      binary = true;
    }
    record(key, value);
  }

  /** {@code "LENGTH KEY=VALUE\n"}, where the length counts itself. */
  private void record(String key, byte[] value) {
    records.writeBytes(record(key.getBytes(StandardCharsets.ISO_8859_1), value));
  }

  private static byte[] record(byte[] key, byte[] value) {
    int rest = key.length + value.length + 3;
    int length = rest + Integer.toString(rest).length();
    length = rest + Integer.toString(length).length();
    ByteArrayOutputStream record = new ByteArrayOutputStream(length);
    record.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
    record.writeBytes(key);
    record.write('=');
    record.writeBytes(value);
    record.write('\n');
    return record.toByteArray();
  }

  private void ascii(String text, int at) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  /** All blocks before the entry's data. */
  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    if (records.size() > 0) {
      byte[] first =
          binary
              ? record(
                  "hdrcharset".getBytes(StandardCharsets.US_ASCII),
                  "BINARY".getBytes(StandardCharsets.US_ASCII))
              : new byte[0];
      int size = first.length + records.size();
      all.writeBytes(new PaxHeader(size).sealed());
      all.writeBytes(first);
      all.writeBytes(records.toByteArray());
      all.writeBytes(new byte[padding(size)]);
    }
    all.writeBytes(sealed());
    return all.toByteArray();
  }

  private byte[] sealed() {
    byte[] sealed = block.clone();
    Arrays.fill(sealed, 148, 156, (byte) ' ');
    TarUtils.formatCheckSumOctalBytes(TarUtils.computeCheckSum(sealed), sealed, 148, 8);
    return sealed;
  }

  /** Bytes from the end of data to the end of its last block. */
  static int padding(long size) {
    return (int) (-size & (BLOCK - 1));
  }
}

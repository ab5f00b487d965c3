package io.daxconv.converter.stored;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C of bytes in memory. */
final class Crc {
  private Crc() {}

  static int of(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}

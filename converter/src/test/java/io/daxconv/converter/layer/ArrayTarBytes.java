package io.daxconv.converter.layer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A tar in memory. */
record ArrayTarBytes(ByteBuffer bytes) implements TarBytes {
  @Override
  public int read(byte[] into, int length) {
    int count = Math.min(length, bytes.remaining());
    bytes.get(into, 0, count);
    return count;
  }

  @Override
  public @Nullable ByteBuffer next(long most) {
    if (!bytes.hasRemaining()) {
      return null;
    }
    int count = (int) Math.min(most, bytes.remaining());
    ByteBuffer some = bytes.slice(bytes.position(), count);
    bytes.position(bytes.position() + count);
    return some;
  }
}

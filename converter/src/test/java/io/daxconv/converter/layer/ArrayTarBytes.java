package io.daxconv.converter.layer;

import io.daxconv.converter.stream.ByteStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A tar in memory. */
record ArrayTarBytes(ByteBuffer bytes) implements ByteStream {
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

package io.daxconv.converter.layer;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The bytes of a tar, one after another. */
interface TarBytes {
  /**
   * Copies bytes.
   *
   * @return how many; fewer than asked for only where the tar ends
   */
  int read(byte[] into, int length) throws IOException;

  /**
   * Passes over bytes and shows them.
   *
   * @param most how many at most, 1 or more
   * @return some bytes, which stay as they are until the next call; null at the end
   */
  @Nullable ByteBuffer next(long most) throws IOException;
}

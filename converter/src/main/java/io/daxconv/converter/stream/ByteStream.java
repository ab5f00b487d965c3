package io.daxconv.converter.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Bytes one after another, which are shown rather than copied. */
public interface ByteStream {
  /**
   * Passes over bytes and shows them.
   *
   * @param most how many at most, 1 or more
   * @return some bytes, which stay as they are until the next call; null at the end
   */
  @Nullable ByteBuffer next(long most) throws IOException;

  /**
   * Copies bytes.
   *
   * @return how many; fewer than asked for only at the end
   */
  default int read(byte[] into, int length) throws IOException {
    int done = 0;
    while (done < length) {
      ByteBuffer bytes = next(length - done);
      if (bytes == null) {
        break;
      }
      int some = bytes.remaining();
      bytes.get(into, done, some);
      done += some;
    }
    return done;
  }
}

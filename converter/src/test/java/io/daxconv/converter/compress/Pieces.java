package io.daxconv.converter.compress;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Bytes that come in pieces, as from a network. */
record Pieces(ByteBuffer bytes, int most) implements ReadableByteChannel {
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

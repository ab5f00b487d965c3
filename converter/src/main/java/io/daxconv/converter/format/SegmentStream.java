package io.daxconv.converter.format;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** A segment's bytes as a stream. */
public final class SegmentStream extends InputStream {
  private final MemorySegment bytes;
  private long next;

  public SegmentStream(MemorySegment bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() {
    return next == bytes.byteSize() ? -1 : bytes.get(ValueLayout.JAVA_BYTE, next++) & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length > 0 && next == bytes.byteSize()) {
      return -1;
    }
    int count = (int) Math.min(length, bytes.byteSize() - next);
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, next, into, offset, count);
    next += count;
    return count;
  }
}

package io.daxconv.converter.verify;

import java.lang.foreign.MemorySegment;

/** Looks for bytes that should be zero and are not. */
final class Zeros {
  private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[1 << 16]).asReadOnly();

  private Zeros() {}

  /** The first byte from {@code from} up to {@code to} that is not zero, or -1. */
  static long firstOther(MemorySegment bytes, long from, long to) {
    for (long at = from; at < to; at += ZEROS.byteSize()) {
      long count = Math.min(ZEROS.byteSize(), to - at);
      long differs = MemorySegment.mismatch(bytes, at, at + count, ZEROS, 0, count);
      if (differs >= 0) {
        return at + differs;
      }
    }
    return -1;
  }
}

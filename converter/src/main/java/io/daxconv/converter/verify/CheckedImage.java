package io.daxconv.converter.verify;

import io.daxconv.converter.daxfs.Superblock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The image that is being checked and what was found so far.
 *
 * @param bytes the whole file
 * @param superblock of DAXFS v8, though its offsets may be wrong
 * @param findings where to report
 * @param isBacking whether the bytes are those of a split image's backing file; the superblock is
 *     the image's all the same
 */
record CheckedImage(
    MemorySegment bytes, Superblock superblock, Findings findings, boolean isBacking) {

  CheckedImage(MemorySegment bytes, Superblock superblock, Findings findings) {
    this(bytes, superblock, findings, false);
  }

  int blockSize() {
    return superblock.blockSize();
  }

  long size() {
    return bytes.byteSize();
  }

  /** Rounds up to whole blocks a number that is at most the file's size. */
  long wholeBlocks(long size) {
    return (size + blockSize() - 1) & -(long) blockSize();
  }

  /** Reports the first byte of a range that is not zero; the range is clipped to the file. */
  void requireZero(String id, String what, long from, long to) {
    long other = Zeros.firstOther(bytes, from, Math.min(to, size()));
    if (other >= 0) {
      int found = bytes.get(ValueLayout.JAVA_BYTE, other) & 0xff;
      findings.add(id, "byte " + other, "zeros " + what, "0x%02x".formatted(found));
    }
  }

  /** Reports a field whose value is not the one it must have. */
  void requireEqual(String id, long at, String field, long expected, long found) {
    if (expected != found) {
      findings.add(
          id,
          "byte " + at,
          field + " " + Long.toUnsignedString(expected),
          Long.toUnsignedString(found));
    }
  }

  /** Reports a magic number that is not the one it must be; true if it is. */
  boolean requireMagic(String id, long at, int expected, int found) {
    if (expected != found) {
      findings.add(
          id, "byte " + at, "the magic 0x%08x".formatted(expected), "0x%08x".formatted(found));
    }
    return expected == found;
  }
}

package io.daxconv.converter.format;

import io.daxconv.converter.source.Digest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.List;

/** Hashes a segment of any size. */
public final class SegmentDigest {
  private static final int CHUNK = 1 << 16;

  private SegmentDigest() {}

  /** The SHA-256 of a segment's bytes. */
  public static Digest sha256(MemorySegment bytes) {
    return sha256(List.of(bytes));
  }

  /** The SHA-256 of the bytes of some segments, one after the other. */
  public static Digest sha256(List<MemorySegment> pieces) {
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    for (MemorySegment piece : pieces) {
      update(hash, piece);
    }
    return Digest.of(Digest.Algorithm.SHA256, hash);
  }

  private static void update(MessageDigest hash, MemorySegment bytes) {
    byte[] chunk = new byte[(int) Math.min(CHUNK, bytes.byteSize())];
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      int count = (int) Math.min(CHUNK, bytes.byteSize() - at);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, chunk, 0, count);
      hash.update(chunk, 0, count);
    }
  }
}

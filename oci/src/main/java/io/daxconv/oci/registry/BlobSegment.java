package io.daxconv.oci.registry;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a blob that one request brings, and how far it is. Guarded by its {@link BlobSegments}.
 */
final class BlobSegment {
  /** Where it begins in the blob. */
  final long start;

  /** How many bytes it has. */
  final int length;

  /** Where they are put; at least as long. */
  final byte[] bytes;

  /** Whether it has a slot that was to spare, not the blob's own. */
  final boolean spare;

  /** How many of its bytes are here. */
  int filled;

  /** How many of them have been handed on. */
  int taken;

  /** Whether its request is under way. */
  boolean running;

  /** Whether nobody wants it any more. */
  boolean left;

  /** Whether the host would not give it. */
  boolean refused;

  /** What is being read. */
  @Nullable Reply reply;

  /** Why its request ended too early. */
  @Nullable IOException failure;

  BlobSegment(long start, int length, byte[] bytes, boolean spare) {
    this.start = start;
    this.length = length;
    this.bytes = bytes;
    this.spare = spare;
  }

  long end() {
    return start + length;
  }
}

package io.daxconv.converter.daxfs;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u64;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * One bucket of an overlay's hash table ({@code struct daxfs_overlay_bucket}). A key is looked for
 * from bucket {@code key & (count - 1)} on, one bucket after the other, up to a free one.
 *
 * @param stateKey bit 0: in use; bits 63 to 1: the key
 * @param value where the entry stands in the pool
 */
public record OverlayBucket(long stateKey, long value) {
  public static final int SIZE = OverlayHeader.BUCKET_SIZE;

  /** The low bits of a data page's key are its index; all ones stand for the inode itself. */
  private static final int PAGE_BITS = 20;

  private static final long INODE_BITS = (1L << PAGE_BITS) - 1;

  static final StructLayout LAYOUT =
      struct("daxfs_overlay_bucket", SIZE, u64("state_key"), u64("value"));

  private static final VarHandle STATE_KEY = handle(LAYOUT, "state_key");
  private static final VarHandle VALUE = handle(LAYOUT, "value");

  /** The bucket in use by an inode. */
  public static OverlayBucket ofInode(long number, long value) {
    return new OverlayBucket((inodeKey(number) << 1) | 1, value);
  }

  /** The key of an inode. */
  public static long inodeKey(long number) {
    return (number << PAGE_BITS) | INODE_BITS;
  }

  public boolean isUsed() {
    return (stateKey & 1) != 0;
  }

  public long key() {
    return stateKey >>> 1;
  }

  /** Reads the bucket at an offset. */
  public static OverlayBucket read(MemorySegment image, long at) {
    return new OverlayBucket((long) STATE_KEY.get(image, at), (long) VALUE.get(image, at));
  }

  /** Writes the bucket at an offset. */
  public void write(MemorySegment image, long at) {
    STATE_KEY.set(image, at, stateKey);
    VALUE.set(image, at, value);
  }
}

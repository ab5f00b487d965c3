package io.daxconv.converter.daxfs;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Objects;

/**
 * An image in memory that knows where its parts stand, so that they can be broken one by one. All
 * positions are bytes of the image.
 *
 * @param bytes the image
 * @param inodes slots of the inode table, by path
 * @param entries directory entries, by path
 * @param data file contents, symlink targets and directory entries, by path
 */
public record BuiltImage(
    MemorySegment bytes,
    Map<String, Long> inodes,
    Map<String, Long> entries,
    Map<String, Long> data) {
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  public long inode(String path) {
    return Objects.requireNonNull(inodes.get(path), path);
  }

  public long entry(String path) {
    return Objects.requireNonNull(entries.get(path), path);
  }

  public long data(String path) {
    return Objects.requireNonNull(data.get(path), path);
  }

  public BuiltImage u8(long at, int value) {
    bytes.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    return this;
  }

  public BuiltImage u32(long at, int value) {
    bytes.set(U32, at, value);
    return this;
  }

  public BuiltImage u64(long at, long value) {
    bytes.set(U64, at, value);
    return this;
  }

  public int u32(long at) {
    return bytes.get(U32, at);
  }

  public long u64(long at) {
    return bytes.get(U64, at);
  }

  /** The same image in a longer or shorter file. */
  public BuiltImage resized(long size) {
    MemorySegment other = MemorySegment.ofArray(new byte[Math.toIntExact(size)]);
    MemorySegment.copy(bytes, 0, other, 0, Math.min(size, bytes.byteSize()));
    return new BuiltImage(other, inodes, entries, data);
  }

  public byte[] toArray() {
    return bytes.toArray(ValueLayout.JAVA_BYTE);
  }
}

package io.daxconv.converter.daxfs;

/**
 * A run of bytes as an image states it. Both numbers come from outside and are unsigned, so ask
 * {@link #within} before anything else; no real limit has the top bit set.
 *
 * @param offset the first byte
 * @param size how many bytes
 */
public record Extent(long offset, long size) {

  /** Whether all of it lies below a limit, which is not negative. */
  public boolean within(long limit) {
    return offset >= 0 && size >= 0 && offset <= limit && size <= limit - offset;
  }

  /** The byte after the last; right only for an extent that is within some limit. */
  public long end() {
    return offset + size;
  }

  /** Whether two extents share a byte; right only for extents that are within some limit. */
  public boolean overlaps(Extent other) {
    return size > 0 && other.size > 0 && offset < other.end() && other.offset < end();
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(size) + " bytes at " + Long.toUnsignedString(offset);
  }
}

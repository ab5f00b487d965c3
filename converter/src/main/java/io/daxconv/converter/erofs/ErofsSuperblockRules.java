package io.daxconv.converter.erofs;

import io.daxconv.converter.daxfs.SuperblockRules.Listener;
import java.lang.foreign.MemorySegment;

/**
 * What must hold of an EROFS superblock before anything else is looked at. The kernel refuses to
 * mount what breaks these rules (erofs_read_superblock in fs/erofs/super.c), or reads past the end.
 */
public final class ErofsSuperblockRules {
  /** Compressed data is padded at its start; says nothing where nothing is compressed. */
  private static final int ZERO_PADDING = 1;

  private static final long NANOS = 1_000_000_000L;

  private ErofsSuperblockRules() {}

  /**
   * Checks all rules.
   *
   * @param image from byte 0 to the end of the file, at least a block
   * @return false if nothing behind the superblock can be looked at
   */
  public static <E extends Exception> boolean check(
      ErofsSuperblock superblock, MemorySegment image, Listener<E> listener) throws E {
    if (superblock.blockBits() != ErofsSuperblock.BLOCK_BITS) {
      broken(listener, "erofs-block-size", 12, "blkszbits 12", superblock.blockBits());
      return false;
    }
    if ((superblock.featureIncompat() & ~ZERO_PADDING) != 0) {
      String found = "0x%08x".formatted(superblock.featureIncompat());
      listener.broken("erofs-feature", place(80), "feature_incompat 0", found);
      return false;
    }
    if ((superblock.featureCompat() & ErofsSuperblock.CHECKSUM) != 0) {
      checksum(superblock, image, listener);
    }
    if (Integer.toUnsignedLong(superblock.buildTimeNanos()) >= NANOS) {
      long found = Integer.toUnsignedLong(superblock.buildTimeNanos());
      broken(listener, "erofs-build-time", 32, "build_time_nsec below " + NANOS, found);
    }
    return places(superblock, image.byteSize(), listener);
  }

  private static <E extends Exception> void checksum(
      ErofsSuperblock superblock, MemorySegment image, Listener<E> listener) throws E {
    int expected = ErofsSuperblock.checksumOf(image);
    if (superblock.checksum() != expected) {
      listener.broken(
          "erofs-checksum",
          place(4),
          "checksum 0x%08x".formatted(expected),
          "0x%08x".formatted(superblock.checksum()));
    }
  }

  private static <E extends Exception> boolean places(
      ErofsSuperblock superblock, long fileSize, Listener<E> listener) throws E {
    long most = fileSize >>> ErofsSuperblock.BLOCK_BITS;
    long blocks = Integer.toUnsignedLong(superblock.blocks());
    if (blocks < 1 || blocks > most) {
      String expected = "blocks from 1 to %d, which is what the file holds".formatted(most);
      broken(listener, "erofs-blocks", 36, expected, blocks);
    }
    long meta = Integer.toUnsignedLong(superblock.metaBlock());
    if (meta >= Math.min(blocks, most)) {
      String expected = "meta_blkaddr below " + Math.min(blocks, most);
      broken(listener, "erofs-metadata-place", 40, expected, meta);
      return false;
    }
    return true;
  }

  private static <E extends Exception> void broken(
      Listener<E> listener, String id, int field, String expected, long found) throws E {
    listener.broken(id, place(field), expected, Long.toString(found));
  }

  private static String place(int field) {
    return "byte " + (ErofsSuperblock.POSITION + field);
  }
}

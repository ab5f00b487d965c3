package io.daxconv.converter.daxfs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What must hold of a superblock before anything that it points to is looked at. These are the
 * rules of the module's mount and of its {@code validate}; the reader refuses an image at the first
 * one broken, the verifier reports each.
 */
public final class SuperblockRules {
  private SuperblockRules() {}

  /** Hears of each rule that is broken. */
  @FunctionalInterface
  public interface Listener<E extends Exception> {
    /**
     * A rule is broken.
     *
     * @param id what is broken, stable
     * @param place the field's byte, such as {@code byte 24}
     * @param expected names the field and its rule
     * @param found the field's value
     */
    void broken(String id, String place, String expected, String found) throws E;
  }

  /** One of the regions that a superblock places. */
  private record Region(String name, Extent extent, int offsetField, int sizeField) {}

  /**
   * Checks all rules.
   *
   * @param size bytes of the file that holds the image
   * @return false if this is no DAXFS v8 image at all, and nothing else was checked
   */
  public static <E extends Exception> boolean check(
      Superblock superblock, long size, Listener<E> listener) throws E {
    if (!identity(superblock, listener)) {
      return false;
    }
    long total = superblock.totalSize();
    if (total < 0 || total > size) {
      listener.broken(
          "total-beyond-file", "byte 16", "total_size of at most the file's " + size, u(total));
    }
    long limit = total < 0 ? size : total;
    List<Region> regions = regions(superblock);
    for (Region region : regions) {
      region(region, superblock.blockSize(), limit, listener);
    }
    apart(regions, superblock.blockSize(), limit, listener);
    contents(superblock, listener);
    return true;
  }

  private static <E extends Exception> boolean identity(Superblock superblock, Listener<E> listener)
      throws E {
    if (superblock.magic() != Superblock.MAGIC) {
      listener.broken(
          "superblock-magic",
          "byte 0",
          "the magic " + hex(Superblock.MAGIC),
          hex(superblock.magic()));
      return false;
    }
    if (superblock.version() != Superblock.VERSION) {
      listener.broken(
          "superblock-version", "byte 4", "version " + Superblock.VERSION, u(superblock.version()));
      return false;
    }
    int block = superblock.blockSize();
    if (block != 4096 && block != 16384 && block != 65536) {
      listener.broken(
          "superblock-block-size", "byte 8", "block_size of 4096, 16384 or 65536", u(block));
      return false;
    }
    return true;
  }

  private static List<Region> regions(Superblock s) {
    List<Region> regions = new ArrayList<>();
    if (s.baseOffset() != 0) {
      regions.add(new Region("base", new Extent(s.baseOffset(), s.baseSize()), 24, 32));
    }
    if (s.overlayOffset() != 0) {
      regions.add(new Region("overlay", new Extent(s.overlayOffset(), s.overlaySize()), 64, 72));
    }
    if (s.pageCacheOffset() != 0) {
      regions.add(new Region("pcache", new Extent(s.pageCacheOffset(), s.pageCacheSize()), 88, 96));
    }
    return regions;
  }

  private static <E extends Exception> void region(
      Region region, int blockSize, long limit, Listener<E> listener) throws E {
    Extent extent = region.extent;
    if (Long.remainderUnsigned(extent.offset(), blockSize) != 0) {
      listener.broken(
          region.name + "-unaligned",
          "byte " + region.offsetField,
          region.name + "_offset that is a multiple of " + blockSize,
          u(extent.offset()));
    }
    if (!extent.within(limit)) {
      listener.broken(
          region.name + "-beyond-image",
          "byte "
              + (new Extent(extent.offset(), 0).within(limit)
                  ? region.sizeField
                  : region.offsetField),
          "the " + region.name + " region inside the image's " + u(limit) + " bytes",
          extent.toString());
    }
  }

  private static <E extends Exception> void apart(
      List<Region> regions, int blockSize, long limit, Listener<E> listener) throws E {
    List<Region> known = new ArrayList<>();
    known.add(new Region("superblock", new Extent(0, blockSize), 0, 0));
    for (Region region : regions) {
      if (!region.extent.within(limit)) {
        continue;
      }
      for (Region other : known) {
        if (region.extent.overlaps(other.extent)) {
          listener.broken(
              "region-overlap",
              "byte " + region.offsetField,
              "the " + region.name + " region apart from the " + other.name + "'s " + other.extent,
              region.extent.toString());
        }
      }
      known.add(region);
    }
  }

  private static <E extends Exception> void contents(Superblock s, Listener<E> listener) throws E {
    if (s.baseOffset() == 0 && s.overlayOffset() == 0) {
      listener.broken("image-empty", "byte 24", "a base image or an overlay region", "neither");
    }
    if (s.baseOffset() != 0) {
      base(s, listener);
    }
    if (s.overlayOffset() != 0) {
      powerOfTwo("overlay-bucket", 80, s.overlayBucketCount(), 1, s.overlayBucketShift(), listener);
    }
    if (s.pageCacheOffset() != 0) {
      powerOfTwo("pcache-slot", 104, s.pageCacheSlotCount(), 8, s.pageCacheHashShift(), listener);
    }
  }

  private static <E extends Exception> void base(Superblock s, Listener<E> listener) throws E {
    if (s.rootInode() != Superblock.ROOT_INODE) {
      listener.broken("root-inode", "byte 52", "root_inode 1", u(s.rootInode()));
    }
    if (s.inodeCount() == 0) {
      listener.broken("inode-count", "byte 48", "inode_count of at least 1, the root", "0");
    }
    Extent table = inodeTable(s);
    if (s.baseSize() >= 0 && !table.within(s.baseSize())) {
      listener.broken(
          "inode-table-beyond-base",
          "byte 40",
          "the inode table inside the base image's " + s.baseSize() + " bytes",
          table.toString());
    }
  }

  /** The inode table, from the start of the base image. */
  public static Extent inodeTable(Superblock s) {
    return new Extent(s.inodeOffset(), Integer.toUnsignedLong(s.inodeCount()) * InodeEntry.SIZE);
  }

  private static <E extends Exception> void powerOfTwo(
      String name, int at, int count, int least, int shift, Listener<E> listener) throws E {
    if (Integer.bitCount(count) != 1 || Integer.compareUnsigned(count, least) < 0) {
      listener.broken(name + "-count", "byte " + at, "a power of two, at least " + least, u(count));
    } else if (shift != Integer.numberOfTrailingZeros(count)) {
      listener.broken(
          name + "-shift",
          "byte " + (at + 4),
          Integer.numberOfTrailingZeros(count) + ", the logarithm of " + u(count),
          u(shift));
    }
  }

  private static String u(int value) {
    return Integer.toUnsignedString(value);
  }

  private static String u(long value) {
    return Long.toUnsignedString(value);
  }

  private static String hex(int value) {
    return String.format(Locale.ROOT, "0x%08x", value);
  }
}

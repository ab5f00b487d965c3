package io.daxconv.converter;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where regular data stands.
 *
 * @param alignLarge files of so many bytes or more start at a multiple of it, so that mappings of
 *     them can have huge pages; a power of two, or 0 for none
 * @param backing the file that gets the regular data in split mode; null where it stays in the
 *     image
 * @param pageCacheSlots in split mode, slots of the page cache region: a power of two of at least
 *     8, or 0 for as many as mkdaxfs would have
 */
public record Placement(long alignLarge, @Nullable Path backing, int pageCacheSlots) {
  /** All data in the image, page behind page. */
  public static final Placement USUAL = new Placement(0, null, 0);

  /** The largest pages of x86-64 and arm64 with pages of 4 KiB. */
  public static final long LARGEST_ALIGNMENT = 1L << 30;

  public Placement {
    if (alignLarge != 0
        && (Long.bitCount(alignLarge) != 1
            || alignLarge < 65536
            || alignLarge > LARGEST_ALIGNMENT)) {
      throw new IllegalArgumentException(
          "align-large: expected a power of two from 64K to 1G, found " + alignLarge);
    }
    if (pageCacheSlots != 0 && backing == null) {
      throw new IllegalArgumentException(
          "pcache-slots: expected a backing file, whose pages it caches, found none");
    }
  }
}

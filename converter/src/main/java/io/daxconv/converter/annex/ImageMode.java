package io.daxconv.converter.annex;

import io.daxconv.converter.source.Digest;
import org.jspecify.annotations.Nullable;

/**
 * How an image was laid out, where that is not as usual.
 *
 * @param name {@link #STATIC}, {@link #WRITABLE} or {@link #SPLIT}
 * @param backing the file with the regular data of a split image, else null
 * @param alignLarge files of so many bytes or more start at a multiple of it; 0 for none
 * @param uidShift what was added to each owner and group
 */
public record ImageMode(String name, @Nullable Backing backing, long alignLarge, long uidShift) {
  /** All data in the image, and no room for changes. */
  public static final String STATIC = "static";

  /** All data in the image, and an overlay with a pool for changes. */
  public static final String WRITABLE = "writable";

  /** Regular data in a backing file. */
  public static final String SPLIT = "split";

  /** What is not said. */
  public static final ImageMode USUAL = new ImageMode(STATIC, null, 0, 0);

  /**
   * A backing file. What it is called and where it lies are no part of the image.
   *
   * @param size its bytes
   * @param sha256 the digest of all of them
   */
  public record Backing(long size, Digest sha256) {}
}

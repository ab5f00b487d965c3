package io.daxconv.cli;

import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.daxfs.OverlaySize;
import io.daxconv.converter.daxfs.PageCacheSize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The regions of a DAXFS file that are for writing and caching, and its pages. */
final class RegionOptions {
  @Option(
      names = "--page-size",
      defaultValue = "4096",
      paramLabel = "BYTES",
      description = "page size of the kernels that will mount it: 4096 (the default), 16384, 65536")
  private int pageSize;

  @Option(
      names = "--overlay",
      paramLabel = "SIZE",
      description =
          "an overlay region with a pool of this size, such as 64M, so that a mount can be written"
              + " to")
  private @Nullable String overlay;

  @Option(
      names = "--buckets",
      paramLabel = "N",
      description =
          "buckets of the overlay's hash table, a power of two (default: twice the pool's pages, at"
              + " least 65536)")
  private @Nullable Integer buckets;

  @Option(
      names = "--pcache-slots",
      paramLabel = "N",
      description =
          "slots of the page cache region, a power of two from 8 on (default: as many as the data"
              + " has pages, rounded down)")
  private @Nullable Integer pageCacheSlots;

  RegionOptions() {}

  /**
   * The page size.
   *
   * @throws IllegalArgumentException if it is none
   */
  int pageSize() {
    ConversionOptions.checkPageSize(pageSize);
    return pageSize;
  }

  boolean isOverlayAsked() {
    return overlay != null || buckets != null;
  }

  /** Whether the pool's size is given. */
  boolean isPoolAsked() {
    return overlay != null;
  }

  /**
   * The overlay region.
   *
   * @param writable whether there is a pool although nobody asks for one, as mkdaxfs has it in
   *     split and empty mode
   * @throws IllegalArgumentException if it cannot be
   */
  OverlaySize overlay(boolean writable) {
    if (!writable && !isOverlayAsked()) {
      return OverlaySize.SMALLEST;
    }
    if (!writable && overlay == null) {
      throw new IllegalArgumentException("buckets: expected --overlay too, found none");
    }
    return sized(overlay == null ? OverlaySize.DEFAULT_POOL : Sizes.parse("overlay", overlay));
  }

  /** An overlay region with a pool of this size, and the buckets that are asked for. */
  OverlaySize sized(long pool) {
    return buckets == null ? OverlaySize.of(pool, pageSize()) : new OverlaySize(pool, buckets);
  }

  /** 0 where none are asked for. */
  int pageCacheSlots() {
    return pageCacheSlots == null ? 0 : new PageCacheSize(pageCacheSlots).slots();
  }
}

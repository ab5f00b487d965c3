package io.daxconv.converter;

import io.daxconv.converter.daxfs.OverlaySize;
import org.jspecify.annotations.Nullable;

/**
 * What is made of an image.
 *
 * @param pageSize the page size of the kernels that will mount it: 4096, 16384 or 65536 bytes
 * @param overlay how large the overlay region is: the smallest, without which nothing executes from
 *     a mount; one with a pool, for mounts that are written to; or null for none
 * @param erofsView whether the file is an EROFS image as well, for every Linux without DAXFS; in
 *     split mode the backing file is
 * @param recordSource whether the annex says where the image was found. Without it the same image
 *     gives the same bytes from whatever source.
 * @param jobs how many layers may be read at once, at least 1; never changes the result
 * @param budgets how much the image may take
 * @param placement where regular data stands
 * @param changes what is changed of the tree
 */
public record ConversionOptions(
    int pageSize,
    @Nullable OverlaySize overlay,
    boolean erofsView,
    boolean recordSource,
    int jobs,
    Budgets budgets,
    Placement placement,
    TreeChanges changes) {
  public static final ConversionOptions DEFAULT =
      new ConversionOptions(
          4096, true, true, false, Math.max(1, Runtime.getRuntime().availableProcessors()));

  /** With the usual budgets, and the smallest overlay region or none. */
  public ConversionOptions(
      int pageSize, boolean overlayRegion, boolean erofsView, boolean recordSource, int jobs) {
    this(pageSize, overlayRegion, erofsView, recordSource, jobs, Budgets.DEFAULT);
  }

  /** With the smallest overlay region or none. */
  public ConversionOptions(
      int pageSize,
      boolean overlayRegion,
      boolean erofsView,
      boolean recordSource,
      int jobs,
      Budgets budgets) {
    this(
        pageSize,
        overlayRegion ? OverlaySize.SMALLEST : null,
        erofsView,
        recordSource,
        jobs,
        budgets,
        Placement.USUAL,
        TreeChanges.NONE);
  }

  public ConversionOptions {
    checkPageSize(pageSize);
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs: expected at least 1, found " + jobs);
    }
  }

  /**
   * Checks a page size.
   *
   * @throws IllegalArgumentException if kernels that DAXFS is for have no such pages
   */
  public static void checkPageSize(int pageSize) {
    if (pageSize != 4096 && pageSize != 16384 && pageSize != 65536) {
      throw new IllegalArgumentException(
          "page size: expected 4096, 16384 or 65536, found " + pageSize);
    }
  }

  /** These options with another overlay region; null for none. */
  public ConversionOptions withOverlay(@Nullable OverlaySize other) {
    return new ConversionOptions(
        pageSize, other, erofsView, recordSource, jobs, budgets, placement, changes);
  }

  /** These options with data elsewhere. */
  public ConversionOptions withPlacement(Placement other) {
    return new ConversionOptions(
        pageSize, overlay, erofsView, recordSource, jobs, budgets, other, changes);
  }

  /** These options with another tree. */
  public ConversionOptions withChanges(TreeChanges other) {
    return new ConversionOptions(
        pageSize, overlay, erofsView, recordSource, jobs, budgets, placement, other);
  }
}

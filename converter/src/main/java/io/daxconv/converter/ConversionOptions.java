package io.daxconv.converter;

/**
 * What is made of an image.
 *
 * @param pageSize the page size of the kernels that will mount it: 4096, 16384 or 65536 bytes
 * @param overlayRegion whether the two-block overlay region is there, without which nothing
 *     executes from a mount
 * @param erofsView whether the file is an EROFS image as well, for every Linux without DAXFS
 * @param recordSource whether the annex says where the image was found. Without it the same image
 *     gives the same bytes from whatever source.
 * @param jobs how many layers may be read at once, at least 1; never changes the result
 * @param budgets how much the image may take
 */
public record ConversionOptions(
    int pageSize,
    boolean overlayRegion,
    boolean erofsView,
    boolean recordSource,
    int jobs,
    Budgets budgets) {
  public static final ConversionOptions DEFAULT =
      new ConversionOptions(
          4096, true, true, false, Math.max(1, Runtime.getRuntime().availableProcessors()));

  /** With the usual budgets. */
  public ConversionOptions(
      int pageSize, boolean overlayRegion, boolean erofsView, boolean recordSource, int jobs) {
    this(pageSize, overlayRegion, erofsView, recordSource, jobs, Budgets.DEFAULT);
  }

  public ConversionOptions {
    if (pageSize != 4096 && pageSize != 16384 && pageSize != 65536) {
      throw new IllegalArgumentException(
          "page size: expected 4096, 16384 or 65536, found " + pageSize);
    }
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs: expected at least 1, found " + jobs);
    }
  }
}

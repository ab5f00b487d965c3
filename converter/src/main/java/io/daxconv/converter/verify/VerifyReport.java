package io.daxconv.converter.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the verifier found out about an image.
 *
 * @param findings the first 1000, in the order they were found
 * @param findingCount how many there are; from 100,000 on the image was not looked at further
 * @param counts what was seen
 * @param erofs what was seen of the EROFS view; null if there is none that can be looked at
 */
public record VerifyReport(
    List<Finding> findings, long findingCount, Counts counts, @Nullable ErofsCounts erofs) {
  public VerifyReport {
    findings = List.copyOf(findings);
  }

  /** Whether nothing is wrong with the image. */
  public boolean isSound() {
    return findingCount == 0;
  }

  /**
   * What an image holds, as far as it could be read.
   *
   * @param inodes slots of the inode table
   * @param regularFiles inodes that are regular files
   * @param directories inodes that are directories
   * @param symlinks inodes that are symlinks
   * @param names directory entries of all kinds
   * @param annex whether there is an annex
   */
  public record Counts(
      long inodes, long regularFiles, long directories, long symlinks, long names, boolean annex) {}

  /**
   * What an EROFS view holds, as far as it could be read.
   *
   * @param inodes that names lead to
   * @param compactInodes those of 32 bytes
   * @param specialFiles those that are devices, FIFOs or sockets
   * @param inodesWithXattrs those that have xattrs
   * @param oldest the least time of modification, in seconds since 1970
   * @param newest the greatest
   */
  public record ErofsCounts(
      long inodes,
      long compactInodes,
      long specialFiles,
      long inodesWithXattrs,
      long oldest,
      long newest) {}
}

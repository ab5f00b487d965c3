package io.daxconv.converter.image;

import io.daxconv.converter.daxfs.DaxfsPlan;
import io.daxconv.converter.erofs.ErofsPlan;
import org.jspecify.annotations.Nullable;

/**
 * A whole image: the first block with everything that says where the rest is, the DAXFS view with
 * the regular data, the EROFS view's metadata, the annex.
 *
 * @param daxfs the DAXFS view, from the second block on
 * @param erofs the EROFS view, or null
 * @param annex where the annex starts
 * @param annexLength bytes of JSON
 * @param totalSize whole blocks
 */
public record ImagePlan(
    DaxfsPlan daxfs, @Nullable ErofsPlan erofs, long annex, long annexLength, long totalSize) {

  /** EROFS counts blocks of 4096 bytes in 32 bits. */
  public static final long LARGEST_WITH_EROFS = 0xffffffffL << 12;

  /** Puts the parts behind each other. */
  public static ImagePlan of(DaxfsPlan daxfs, @Nullable ErofsPlan erofs, long annexLength) {
    long annex = erofs == null ? daxfs.end() : erofs.end();
    long pageSize = daxfs.pageSize();
    long totalSize = (annex + annexLength + pageSize - 1) & -pageSize;
    return new ImagePlan(daxfs, erofs, annex, annexLength, totalSize);
  }
}

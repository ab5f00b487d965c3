package io.daxconv.converter.verify;

import io.daxconv.converter.erofs.PlacedInode;

/** Counts what an EROFS view holds. */
final class ErofsCounter {
  private long inodes;
  private long compact;
  private long special;
  private long withXattrs;
  private long oldest = Long.MAX_VALUE;
  private long newest = Long.MIN_VALUE;

  void count(PlacedInode placed) {
    inodes++;
    compact += placed.inode().extended() ? 0 : 1;
    special += placed.isSpecial() ? 1 : 0;
    oldest = Math.min(oldest, placed.inode().mtime());
    newest = Math.max(newest, placed.inode().mtime());
  }

  void xattrs() {
    withXattrs++;
  }

  VerifyReport.ErofsCounts counts() {
    return new VerifyReport.ErofsCounts(
        inodes, compact, special, withXattrs, inodes == 0 ? 0 : oldest, inodes == 0 ? 0 : newest);
  }
}

package io.daxconv.converter.verify;

import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.erofs.ErofsData;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.erofs.PlacedInode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which bytes the EROFS view takes. Its inodes with what stands behind them, its directory blocks
 * and its symlink targets are bytes of their own: DAXFS writes to its overlay and its page cache.
 * Regular data is shared with the DAXFS base image and among files.
 */
final class ErofsPlaces {
  private static final int NO_INODE = -1;

  private final ErofsCheckedView checked;
  private final List<Claim> claims = new ArrayList<>();

  ErofsPlaces(ErofsCheckedView checked) {
    this.checked = checked;
  }

  /** Who may share a claim's bytes. */
  private enum Kind {
    EROFS,
    DAXFS,
    BASE,
    REGULAR;

    boolean isShared() {
      return this == BASE || this == REGULAR;
    }
  }

  private record Claim(long start, long end, int index, Kind kind) {}

  /** Takes note of an inode and its xattrs. */
  void inode(int index, PlacedInode placed) {
    claims.add(new Claim(placed.at(), placed.end(), index, Kind.EROFS));
  }

  /** Takes note of an inode's data. */
  void data(int index, PlacedInode placed, ErofsData data) {
    boolean regular = placed.type() == FileMode.REGULAR;
    Extent blocks = data.blocks();
    if (blocks.size() > 0) {
      long mask = ErofsSuperblock.BLOCK_SIZE - 1;
      long end = (blocks.end() + mask) & ~mask;
      claims.add(new Claim(blocks.offset(), end, index, regular ? Kind.REGULAR : Kind.EROFS));
    }
    if (data.tail().size() > 0) {
      claims.add(new Claim(data.tail().offset(), data.tail().end(), index, Kind.EROFS));
    }
  }

  /** Reports all that overlap; true if none do. */
  boolean check() {
    regions();
    claims.sort(Comparator.comparingLong(Claim::start));
    Claim told = null;
    Claim furthest = new Claim(0, 0, NO_INODE, Kind.DAXFS);
    Claim furthestOwn = furthest;
    for (Claim claim : claims) {
      Claim before = claim.kind.isShared() ? furthestOwn : furthest;
      if (claim.start < before.end && (claim.index != NO_INODE || before.index != NO_INODE)) {
        // One that reaches over many is told once.
        if (!before.equals(told)) {
          overlap(claim, before);
        }
        told = before;
      }
      furthest = claim.end > furthest.end ? claim : furthest;
      furthestOwn = !claim.kind.isShared() && claim.end > furthestOwn.end ? claim : furthestOwn;
    }
    return told == null;
  }

  private void overlap(Claim claim, Claim other) {
    boolean known = claim.index != NO_INODE;
    Claim told = known ? claim : other;
    String expected = "bytes apart from " + shown(known ? other : claim);
    PlacedInode inode = checked.inode(told.index);
    String path = checked.names().path(told.index);
    String place = inode == null ? path : path + " (" + inode.place() + ")";
    checked.add("erofs-overlap", place, expected, extent(told).toString());
  }

  private String shown(Claim claim) {
    return claim.index == NO_INODE
        ? "the region of " + extent(claim)
        : checked.names().path(claim.index) + ", " + extent(claim);
  }

  private static Extent extent(Claim claim) {
    return new Extent(claim.start, claim.end - claim.start);
  }

  private void regions() {
    Superblock s = checked.image().superblock();
    claims.add(new Claim(0, s.blockSize(), NO_INODE, Kind.DAXFS));
    if (checked.image().isBacking()) {
      return;
    }
    region(s.baseOffset(), s.baseSize(), Kind.BASE);
    region(s.overlayOffset(), s.overlaySize(), Kind.DAXFS);
    region(s.pageCacheOffset(), s.pageCacheSize(), Kind.DAXFS);
    AnnexPointer annex = AnnexPointer.read(checked.image().bytes());
    if (annex != null) {
      region(annex.offset(), annex.length(), Kind.DAXFS);
    }
  }

  private void region(long offset, long size, Kind kind) {
    Extent region = new Extent(offset, size);
    if (offset != 0 && region.within(checked.image().size())) {
      claims.add(new Claim(offset, region.end(), NO_INODE, kind));
    }
  }
}

package io.daxconv.converter.verify;

import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.daxfs.BaseImage;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.MappedFile;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.daxfs.SuperblockRules;
import io.daxconv.converter.verify.VerifyReport.Counts;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Checks a DAXFS v8 image as the kernel module's {@code validate} does, and more strictly: whatever
 * validate misses and the module then trips over, and whatever no writer should leave behind. What
 * is wrong with the image is reported, never thrown. Time is linear in the image (with a sort of
 * its extents), and memory in its inodes; contents of files are not read, but for the bytes after
 * their ends.
 */
public final class ImageVerifier {
  /** Inodes of an image, and entries of a directory, for which there is memory. */
  static final long MOST_INODES = (1L << DataExtents.INODE_BITS) - 1;

  private static final Counts NOTHING = new Counts(0, 0, 0, 0, 0, false);

  private ImageVerifier() {}

  /**
   * Checks a file.
   *
   * @throws IOException if it cannot be opened, is no regular file, or becomes shorter meanwhile
   */
  public static VerifyReport verify(Path path) throws IOException {
    return verify(path, null);
  }

  /**
   * Checks a file, and the backing file of a split image with it.
   *
   * @param backing the backing file; null if that is not to be checked
   * @throws IOException if one cannot be opened, is no regular file, or becomes shorter meanwhile
   */
  public static VerifyReport verify(Path path, @Nullable Path backing) throws IOException {
    try (MappedFile file = MappedFile.open(path);
        MappedFile data = backing == null ? null : MappedFile.open(backing)) {
      return MappedFile.whileMapped(
          file.name(), () -> verify(file.bytes(), data == null ? null : data.bytes()));
    }
  }

  /**
   * Checks an image that is open already.
   *
   * @throws IOException if its file becomes shorter meanwhile
   */
  public static VerifyReport verify(DaxfsImage image) throws IOException {
    return MappedFile.whileMapped(image.name(), () -> verify(image.bytes(), image.backing()));
  }

  /** Checks the bytes of an image. */
  public static VerifyReport verify(MemorySegment bytes) {
    return verify(bytes, null);
  }

  /** Checks the bytes of an image, and those of its backing file if they are given. */
  public static VerifyReport verify(MemorySegment bytes, @Nullable MemorySegment backing) {
    Findings findings = new Findings();
    if (bytes.byteSize() < Superblock.SIZE) {
      String expected = "at least " + Superblock.SIZE + " bytes, a superblock";
      findings.add("file-too-short", "byte 0", expected, Long.toString(bytes.byteSize()));
    } else {
      CheckedImage image = new CheckedImage(bytes, Superblock.read(bytes, 0), findings);
      if (SuperblockRules.check(image.superblock(), bytes.byteSize(), findings::add)) {
        return new Parts(image, backing).check();
      }
    }
    return new VerifyReport(findings.first(), findings.count(), NOTHING, null);
  }

  /** The parts of an image whose superblock is that of DAXFS v8. */
  private static final class Parts {
    private final CheckedImage image;
    private final @Nullable BaseImage base;
    private final @Nullable AnnexPointer annex;
    private final @Nullable MemorySegment backing;
    private boolean complete;

    Parts(CheckedImage image, @Nullable MemorySegment backing) {
      this.image = image;
      this.backing = backing;
      // Where there is none although the superblock has it, the superblock's rules have said so.
      this.base = BaseImage.of(image.superblock(), image.bytes());
      this.annex = AnnexPointer.read(image.bytes());
    }

    VerifyReport check() {
      ReservedBytes.check(image);
      OverlayCheck.check(image);
      PageCacheCheck.check(image);
      MemorySegment json = AnnexCheck.check(image);
      ErofsCheck erofs = ErofsCheck.superblock(image);
      long end = Math.max(daxfsEnd(), erofs.end());
      image.requireZero("file-longer-than-image", "after the image's end", end, image.size());
      Counts counts = base == null ? new Counts(0, 0, 0, 0, 0, annex != null) : base(base);
      VerifyReport.ErofsCounts view = erofs.tree(complete ? base : null, json);
      if (backing != null) {
        VerifyReport.ErofsCounts behind =
            new BackingCheck(image, backing, json).run(complete ? base : null);
        view = view == null ? behind : view;
      }
      Findings findings = image.findings();
      return new VerifyReport(findings.first(), findings.count(), counts, view);
    }

    /** The annex may stand after what DAXFS counts. */
    private long daxfsEnd() {
      boolean counted = new Extent(0, image.superblock().totalSize()).within(image.size());
      long total = counted ? image.superblock().totalSize() : image.size();
      if (annex == null || annex.version() != AnnexPointer.VERSION) {
        return total;
      }
      Extent extent = new Extent(annex.offset(), annex.length());
      return AnnexJson.isPlaced(extent, image.size()) ? Math.max(total, extent.end()) : total;
    }

    private Counts base(BaseImage tables) {
      if (tables.inodeCount() > MOST_INODES) {
        String found = Long.toString(tables.inodeCount());
        String expected =
            "inode_count of at most " + MOST_INODES + ", which is what can be checked";
        image.findings().add("inode-count", "byte 48", expected, found);
        return new Counts(tables.inodeCount(), 0, 0, 0, 0, annex != null);
      }
      InodeNames names = new InodeNames(tables);
      TreeCheck tree = new TreeCheck(image, tables, names);
      complete = tree.run();
      DataExtents extents = new DataExtents(image, tables, names);
      InodeCheck inodes = new InodeCheck(image, tables, names, extents, backing);
      inodes.run(complete);
      extents.check();
      return new Counts(
          tables.inodeCount(),
          inodes.regularFiles(),
          inodes.directories(),
          inodes.symlinks(),
          tree.entries(),
          annex != null);
    }
  }
}

package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.AnnexListener;
import io.daxconv.converter.annex.ImageMode;
import io.daxconv.converter.daxfs.BaseImage;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.format.SegmentDigest;
import io.daxconv.converter.source.Digest;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The backing file of a split image as a whole: that it is the one that the annex names, and that
 * its EROFS view, if it has one, tells the same tree. Where files have their data in it is for
 * {@link InodeCheck}.
 */
final class BackingCheck {
  private static final String PLACE = "backing file";

  private final CheckedImage image;
  private final MemorySegment backing;
  private final @Nullable MemorySegment annex;

  BackingCheck(CheckedImage image, MemorySegment backing, @Nullable MemorySegment annex) {
    this.image = image;
    this.backing = backing;
    this.annex = annex;
  }

  /**
   * Checks the file.
   *
   * @param base what to compare with; null if DAXFS has no tree, or one that cannot be followed
   * @return what its EROFS view holds; null if there is none that can be looked at
   */
  VerifyReport.@Nullable ErofsCounts run(@Nullable BaseImage base) {
    if (image.superblock().pageCacheOffset() == 0 || image.superblock().baseOffset() == 0) {
      add("backing-unexpected", "none, for the image is not split", "one");
      return null;
    }
    identity();
    return erofs(base);
  }

  private void identity() {
    ImageMode.Backing expected = annex == null ? null : expected(annex);
    if (expected == null) {
      return;
    }
    if (expected.size() != backing.byteSize()) {
      add("backing-size", expected.size() + " bytes", backing.byteSize() + " bytes");
      return;
    }
    Digest digest = SegmentDigest.sha256(backing);
    if (!digest.equals(expected.sha256())) {
      add("backing-digest", expected.sha256().toString(), digest.toString());
    }
  }

  private static ImageMode.@Nullable Backing expected(MemorySegment annex) {
    ImageMode[] mode = {ImageMode.USUAL};
    AnnexListener listener =
        new AnnexListener() {
          @Override
          public void mode(ImageMode found) {
            mode[0] = found;
          }
        };
    try {
      AnnexJson.read("annex", annex, listener);
    } catch (CorruptImageException e) {
      throw new IllegalStateException("an annex that was read before", e);
    }
    return mode[0].backing();
  }

  private VerifyReport.@Nullable ErofsCounts erofs(@Nullable BaseImage base) {
    if (backing.byteSize() < Superblock.SIZE
        || ErofsSuperblock.read(backing).magic() != ErofsSuperblock.MAGIC) {
      return null;
    }
    Findings findings = new Findings();
    ErofsCheck check =
        ErofsCheck.superblock(new CheckedImage(backing, image.superblock(), findings, true));
    VerifyReport.ErofsCounts counts = check.tree(base, annex);
    for (Finding finding : findings.first()) {
      String place = PLACE + ", " + finding.place();
      image.findings().add(finding.id(), place, finding.expected(), finding.found());
    }
    return counts;
  }

  private void add(String id, String expected, String found) {
    image.findings().add(id, PLACE, expected, found);
  }
}

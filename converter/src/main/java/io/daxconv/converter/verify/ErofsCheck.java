package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.BaseImage;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.erofs.ErofsView;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The EROFS view: that the kernel can read it, and that it tells the same tree as DAXFS. */
final class ErofsCheck {
  private final CheckedImage image;
  private final @Nullable ErofsView view;

  private ErofsCheck(CheckedImage image, @Nullable ErofsView view) {
    this.image = image;
    this.view = view;
  }

  /** Checks the superblock of the view, if there is one. */
  static ErofsCheck superblock(CheckedImage image) {
    int magic = ErofsView.magic(image.bytes());
    if (magic == 0) {
      return new ErofsCheck(image, null);
    }
    if (magic != ErofsSuperblock.MAGIC) {
      String place = "byte " + ErofsSuperblock.POSITION;
      String expected = "zeros or the magic 0x%08x".formatted(ErofsSuperblock.MAGIC);
      image.findings().add("erofs-magic", place, expected, "0x%08x".formatted(magic));
      return new ErofsCheck(image, null);
    }
    return new ErofsCheck(image, ErofsView.of("image", image.bytes(), image.findings()::add));
  }

  /** The byte after the view's last; 0 if there is none. */
  long end() {
    return view == null ? 0 : view.size();
  }

  /**
   * Checks what is behind the superblock.
   *
   * @param base what to compare with; null if DAXFS has no tree, or one that cannot be followed
   * @param annex the annex as JSON, or null
   * @return what the view holds; null if there is none that can be looked at
   */
  VerifyReport.@Nullable ErofsCounts tree(@Nullable BaseImage base, @Nullable MemorySegment annex) {
    if (view == null) {
      return null;
    }
    ErofsNames names = new ErofsNames(image.bytes(), view.superblock().rootNid());
    ErofsCheckedView checked = new ErofsCheckedView(image, view, names);
    boolean complete = new ErofsTreeCheck(checked).run();
    ErofsPlaces places = new ErofsPlaces(checked);
    ErofsInodeCheck inodes = new ErofsInodeCheck(checked, places);
    inodes.run(complete);
    boolean apart = places.check();
    if (apart) {
      inodes.contents();
    }
    if (complete && apart && base != null) {
      new ErofsComparison(checked, base).run();
      if (annex != null) {
        annex(checked, annex);
      }
    }
    return inodes.counter().counts();
  }

  private static void annex(ErofsCheckedView checked, MemorySegment annex) {
    try {
      ErofsAnnexCheck.check(checked, annex);
    } catch (CorruptImageException e) {
      checked.add("annex-json", "annex", "the annex that was read before", e.getMessage());
    }
  }
}

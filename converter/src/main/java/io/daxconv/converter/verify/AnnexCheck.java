package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.AnnexListener;
import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.format.SegmentDigest;
import io.daxconv.converter.source.Digest;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The annex: where it stands, its digest, and whether it can be read. */
final class AnnexCheck {
  private final CheckedImage image;
  private final AnnexPointer pointer;
  private final Extent extent;

  private AnnexCheck(CheckedImage image, AnnexPointer pointer) {
    this.image = image;
    this.pointer = pointer;
    this.extent = new Extent(pointer.offset(), pointer.length());
  }

  /**
   * Checks the annex.
   *
   * @return the annex as JSON; null if there is none that can be read
   */
  static @Nullable MemorySegment check(CheckedImage image) {
    AnnexPointer pointer = AnnexPointer.read(image.bytes());
    return pointer == null ? null : new AnnexCheck(image, pointer).check();
  }

  private @Nullable MemorySegment check() {
    if (pointer.version() != AnnexPointer.VERSION) {
      image.requireEqual(
          "annex-version",
          AnnexPointer.POSITION + 8,
          "version",
          AnnexPointer.VERSION,
          Integer.toUnsignedLong(pointer.version()));
      return null;
    }
    if (!place()) {
      return null;
    }
    MemorySegment json = image.bytes().asSlice(extent.offset(), extent.size());
    Digest digest = SegmentDigest.sha256(json);
    if (!digest.equals(pointer.sha256())) {
      add(
          "annex-digest",
          AnnexPointer.POSITION + 32,
          pointer.sha256().toString(),
          digest.toString());
      return null;
    }
    return read(json) ? json : null;
  }

  private boolean place() {
    String found = extent.toString();
    if (!AnnexJson.isPlaced(extent, image.size())) {
      add(
          "annex-place",
          AnnexPointer.POSITION + 16,
          "an annex of at most %d bytes inside the file's %d"
              .formatted(AnnexJson.LONGEST, image.size()),
          found);
      return false;
    }
    Superblock s = image.superblock();
    List<Extent> regions =
        List.of(
            new Extent(0, image.blockSize()),
            new Extent(s.baseOffset(), s.baseSize()),
            new Extent(s.overlayOffset(), s.overlaySize()),
            new Extent(s.pageCacheOffset(), s.pageCacheSize()));
    for (Extent region : regions) {
      if (region.within(image.size()) && region.overlaps(extent)) {
        String expected = "an annex apart from the region of " + region;
        add("annex-place", AnnexPointer.POSITION + 16, expected, found);
      }
    }
    return true;
  }

  private boolean read(MemorySegment json) {
    try {
      AnnexJson.read("annex", json, AnnexListener.NONE);
      return true;
    } catch (CorruptImageException e) {
      add(
          "annex-json",
          extent.offset(),
          "an annex that can be read",
          String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void add(String id, long at, String expected, String found) {
    image.findings().add(id, "byte " + at, expected, found);
  }
}

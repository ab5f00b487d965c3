package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.annex.AddedPath;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.ImageMode;
import io.daxconv.converter.annex.PackedImage;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.OverlayHeader;
import io.daxconv.converter.daxfs.Superblock;
import org.jspecify.annotations.Nullable;

/**
 * In which mode of DAXFS an image is, which the superblock tells, and what the annex adds to it.
 */
final class InspectedMode {
  private static final String EMPTY = "empty";

  private final Superblock superblock;
  private final long pool;
  private final @Nullable Annex annex;

  private InspectedMode(Superblock superblock, long pool, @Nullable Annex annex) {
    this.superblock = superblock;
    this.pool = pool;
    this.annex = annex;
  }

  static InspectedMode of(DaxfsImage image, @Nullable Annex annex) {
    Superblock superblock = image.superblock();
    boolean hasHeader =
        superblock.overlayOffset() != 0 && superblock.overlaySize() >= OverlayHeader.SIZE;
    long pool =
        hasHeader ? OverlayHeader.read(image.bytes(), superblock.overlayOffset()).poolSize() : 0;
    return new InspectedMode(superblock, pool, annex);
  }

  /** {@code empty}, {@code split}, {@code writable} or {@code static}. */
  String name() {
    if (superblock.baseOffset() == 0) {
      return EMPTY;
    }
    if (superblock.pageCacheOffset() != 0) {
      return ImageMode.SPLIT;
    }
    return pool == 0 ? ImageMode.STATIC : ImageMode.WRITABLE;
  }

  void print(Lines lines) {
    lines.field("mode", name() + meaning());
    ImageMode stated = annex == null ? ImageMode.USUAL : annex.mode();
    if (stated.backing() != null) {
      lines.field(
          "backing", Sizes.bytes(stated.backing().size()) + ", " + stated.backing().sha256());
    }
    if (stated.alignLarge() != 0) {
      lines.field("alignment", "files of " + Sizes.text(stated.alignLarge()) + " or more");
    }
    if (stated.uidShift() != 0) {
      lines.field("uid shift", Long.toString(stated.uidShift()));
    }
  }

  private String meaning() {
    return switch (name()) {
      case EMPTY -> ": no base image, all is in the overlay's pool of " + Sizes.bytes(pool);
      case ImageMode.SPLIT ->
          ": the data of files is in a backing file; "
              + Sizes.count(superblock.pageCacheSlotCount(), "slot", "slots")
              + " of page cache, a pool of "
              + Sizes.bytes(pool);
      case ImageMode.WRITABLE -> ": a pool of " + Sizes.bytes(pool);
      default -> "";
    };
  }

  /** What stands in the image: several images, files of a host. */
  void printImages(Lines lines) {
    if (annex == null) {
      return;
    }
    for (PackedImage image : annex.images()) {
      lines.field("in " + image.path(), image.reference());
    }
    for (AddedPath added : annex.added()) {
      String files = Sizes.count(added.files(), "file", "files") + ", " + Sizes.text(added.size());
      lines.field("added", added.path() + ": " + files);
    }
  }

  void json(ObjectNode json) {
    json.put("mode", name()).put("overlay_pool_size", pool);
  }
}

package io.daxconv.converter;

import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.ImageMode;
import io.daxconv.converter.annex.PackedImage;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.daxfs.OverlaySize;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The annex of a conversion: what became of its images, and what DAXFS has no room for. */
final class ImageAnnex {
  /** What a file of several images is called: what it holds is named one by one. */
  private static final String POOL = "pool";

  private ImageAnnex() {}

  /**
   * What the image says of itself.
   *
   * @param backing what was written to the backing file; null without one
   */
  static Annex of(
      FlattenedImages images,
      HostFiles host,
      LeftOut leftOut,
      ConversionOptions options,
      ImageMode.@Nullable Backing backing) {
    List<Remark> remarks = new ArrayList<>(images.remarks());
    remarks.addAll(host.remarks());
    remarks.addAll(leftOut.remarks());
    List<PackedImage> packed = images.byName();
    PackedImage one = packed.getFirst();
    boolean isPool = !one.name().isEmpty();
    return new Annex(
        isPool ? POOL : one.reference(),
        isPool ? null : one.imageId(),
        isPool ? null : one.platform(),
        isPool ? List.of() : one.diffIds(),
        isPool ? null : one.config(),
        isPool ? null : one.source(),
        leftOut.xattrs(),
        leftOut.specialFiles(),
        remarks,
        mode(options, backing),
        host.added(),
        isPool ? packed : List.of());
  }

  private static ImageMode mode(ConversionOptions options, ImageMode.@Nullable Backing backing) {
    OverlaySize overlay = options.overlay();
    String name =
        backing != null
            ? ImageMode.SPLIT
            : overlay == null || overlay.pool() == 0 ? ImageMode.STATIC : ImageMode.WRITABLE;
    return new ImageMode(
        name, backing, options.placement().alignLarge(), options.changes().uidShift());
  }

  /**
   * The annex as it stands in the image.
   *
   * @throws LayerException if it is longer than a reader takes
   */
  static byte[] bytes(Annex annex) throws LayerException {
    byte[] bytes = AnnexJson.toBytes(annex);
    if (bytes.length > AnnexJson.LONGEST) {
      throw new LayerException(
          "annex: expected at most "
              + AnnexJson.LONGEST
              + " bytes for xattrs and special files, found "
              + bytes.length);
    }
    return bytes;
  }
}

package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.SuperblockRules.Listener;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.verify.VerifyReport.ErofsCounts;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The EROFS view of an image, for people and for programs. */
final class InspectedView {
  /** What is wrong with the view is counted among the findings. */
  private static final Listener<RuntimeException> SILENT = (id, place, expected, found) -> {};

  private final ErofsView view;
  private final ErofsCounts counts;
  private final long metadataSize;

  private InspectedView(ErofsView view, ErofsCounts counts, long metadataSize) {
    this.view = view;
    this.counts = counts;
    this.metadataSize = metadataSize;
  }

  /** The view of an image, as far as it could be checked; null if there is none. */
  static @Nullable InspectedView of(DaxfsImage image, @Nullable ErofsCounts counts) {
    ErofsView view = counts == null ? null : ErofsView.of(image.name(), file(image), SILENT);
    if (view == null || counts == null) {
      return null;
    }
    AnnexPointer annex = image.backing() == null ? AnnexPointer.read(image.bytes()) : null;
    long end =
        annex != null && annex.offset() > view.metadataAt()
            ? Math.min(annex.offset(), view.size())
            : view.size();
    return new InspectedView(view, counts, end - view.metadataAt());
  }

  /**
   * The view of an image that must have one.
   *
   * @throws CorruptImageException if it has none
   */
  static ErofsView required(DaxfsImage image) throws CorruptImageException {
    ErofsView view = ErofsView.of(image.name(), file(image));
    if (view == null) {
      throw new CorruptImageException(image.name() + ": expected an EROFS view, found none");
    }
    return view;
  }

  /** Of a split image the backing file has the view. */
  private static MemorySegment file(DaxfsImage image) {
    MemorySegment backing = image.backing();
    return backing == null ? image.bytes() : backing;
  }

  void print(Lines lines) {
    lines.field(
        "EROFS",
        Sizes.bytes(metadataSize)
            + " of metadata at "
            + String.format(Locale.ROOT, "%,d", view.metadataAt())
            + ", UUID "
            + uuid());
    lines.field(
        "EROFS holds",
        Sizes.count(counts.inodes(), "inode", "inodes")
            + String.format(Locale.ROOT, " (%,d compact), ", counts.compactInodes())
            + Sizes.count(counts.specialFiles(), "special file", "special files")
            + ", xattrs of "
            + Sizes.count(counts.inodesWithXattrs(), "file", "files"));
    lines.field("EROFS times", time(counts.oldest()) + " to " + time(counts.newest()));
  }

  void json(ObjectNode json) {
    ErofsSuperblock superblock = view.superblock();
    json.putObject("erofs")
        .put("uuid", uuid().toString())
        .put("blocks", Integer.toUnsignedLong(superblock.blocks()))
        .put("metadata_offset", view.metadataAt())
        .put("metadata_size", metadataSize)
        .put("root_nid", superblock.rootNid())
        .put("build_time", superblock.buildTime())
        .put("build_time_nsec", Integer.toUnsignedLong(superblock.buildTimeNanos()))
        .put("inodes", counts.inodes())
        .put("compact_inodes", counts.compactInodes())
        .put("special_files", counts.specialFiles())
        .put("inodes_with_xattrs", counts.inodesWithXattrs())
        .put("oldest_mtime", counts.oldest())
        .put("newest_mtime", counts.newest());
  }

  private UUID uuid() {
    ByteBuffer bytes = ByteBuffer.wrap(view.superblock().uuid());
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  /** Seconds since 1970 as a date where they are one. */
  private static String time(long seconds) {
    boolean isDate =
        seconds >= Instant.MIN.getEpochSecond() && seconds <= Instant.MAX.getEpochSecond();
    return isDate ? Instant.ofEpochSecond(seconds).toString() : seconds + " seconds";
  }
}

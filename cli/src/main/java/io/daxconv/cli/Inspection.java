package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.verify.ImageVerifier;
import io.daxconv.converter.verify.VerifyReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an image file is, for people and for programs. */
final class Inspection {
  private final Superblock superblock;
  private final InspectedMode mode;
  private final VerifyReport report;
  private final @Nullable AnnexPointer pointer;
  private final @Nullable Annex annex;
  private final @Nullable InspectedView view;

  Inspection(DaxfsImage image, @Nullable Annex annex) throws IOException {
    this.superblock = image.superblock();
    this.mode = InspectedMode.of(image, annex);
    this.report = ImageVerifier.verify(image);
    this.pointer = AnnexPointer.read(image.bytes());
    this.annex = annex;
    this.view = InspectedView.of(image, report.erofs());
  }

  void print(Path file, PrintStream out) {
    Lines lines = new Lines(out);
    VerifyReport.Counts counts = report.counts();
    lines.heading(ShellWord.file(file.toString()) + ": " + Sizes.bytes(superblock.totalSize()));
    lines.field(
        "format",
        "DAXFS version "
            + superblock.version()
            + ", pages of "
            + Sizes.bytes(superblock.blockSize()));
    mode.print(lines);
    region(lines, "base", superblock.baseOffset(), superblock.baseSize());
    region(lines, "overlay", superblock.overlayOffset(), superblock.overlaySize());
    region(lines, "page cache", superblock.pageCacheOffset(), superblock.pageCacheSize());
    if (pointer != null) {
      region(lines, "annex", pointer.offset(), pointer.length());
    }
    lines.field(
        "holds",
        String.join(
            ", ",
            Sizes.count(counts.regularFiles(), "file", "files"),
            Sizes.count(counts.directories(), "directory", "directories"),
            Sizes.count(counts.symlinks(), "symlink", "symlinks"),
            Sizes.count(counts.names(), "name", "names")));
    if (view != null) {
      view.print(lines);
    }
    lines.field(
        "verify",
        report.isSound()
            ? "sound"
            : Sizes.count(report.findingCount(), "finding", "findings")
                + "; to list them: daxconv verify");
    if (annex != null) {
      print(annex, lines);
    }
  }

  private void print(Annex annex, Lines lines) {
    lines.field("image", annex.reference());
    mode.printImages(lines);
    if (annex.platform() != null) {
      lines.field("platform", annex.platform().toString());
    }
    if (annex.source() != null) {
      lines.field("source", annex.source().reference());
    }
    for (int i = 0; i < annex.diffIds().size(); i++) {
      lines.field("layer " + (i + 1), annex.diffIds().get(i).toString());
    }
    if (annex.config() != null) {
      annex
          .config()
          .properties()
          .forEach(entry -> lines.field("config", entry.getKey() + " " + entry.getValue()));
    }
    lines.field(
        "left out",
        ConversionReport.leftOut(annex.xattrs().size(), annex.specialFiles().size(), view != null)
            + "; to list them: --left-out");
    for (Remark remark : annex.remarks()) {
      lines.field("remark", remark.path() + ": " + remark.detail());
    }
  }

  private static void region(Lines lines, String name, long offset, long size) {
    if (offset != 0) {
      lines.field(name, Sizes.bytes(size) + " at " + String.format(Locale.ROOT, "%,d", offset));
    }
  }

  ObjectNode json(Path file) throws IOException {
    VerifyReport.Counts counts = report.counts();
    ObjectNode json = Json.object().put("file", file.toString());
    json.putObject("superblock")
        .put("version", superblock.version())
        .put("block_size", superblock.blockSize())
        .put("total_size", superblock.totalSize())
        .put("base_offset", superblock.baseOffset())
        .put("base_size", superblock.baseSize())
        .put("inode_offset", superblock.inodeOffset())
        .put("inode_count", Integer.toUnsignedLong(superblock.inodeCount()))
        .put("root_inode", Integer.toUnsignedLong(superblock.rootInode()))
        .put("data_offset", superblock.dataOffset())
        .put("overlay_offset", superblock.overlayOffset())
        .put("overlay_size", superblock.overlaySize())
        .put("overlay_bucket_count", Integer.toUnsignedLong(superblock.overlayBucketCount()))
        .put("pcache_offset", superblock.pageCacheOffset())
        .put("pcache_size", superblock.pageCacheSize())
        .put("pcache_slot_count", Integer.toUnsignedLong(superblock.pageCacheSlotCount()));
    mode.json(json);
    ArrayNode regions = json.putArray("regions");
    region(regions, "superblock", 0, superblock.blockSize());
    region(regions, "base", superblock.baseOffset(), superblock.baseSize());
    region(regions, "overlay", superblock.overlayOffset(), superblock.overlaySize());
    region(regions, "pcache", superblock.pageCacheOffset(), superblock.pageCacheSize());
    if (pointer != null) {
      region(regions, "annex", pointer.offset(), pointer.length());
    }
    json.putObject("counts")
        .put("inodes", counts.inodes())
        .put("regular_files", counts.regularFiles())
        .put("directories", counts.directories())
        .put("symlinks", counts.symlinks())
        .put("names", counts.names());
    if (view != null) {
      view.json(json);
    }
    json.put("sound", report.isSound());
    if (annex != null) {
      json.set("annex", Json.parse(AnnexJson.toBytes(annex)));
    }
    return json;
  }

  private static void region(ArrayNode regions, String name, long offset, long size) {
    if (offset != 0 || name.equals("superblock")) {
      regions.addObject().put("name", name).put("offset", offset).put("size", size);
    }
  }
}

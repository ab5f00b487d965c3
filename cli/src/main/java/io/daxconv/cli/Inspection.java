package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.AnnexPointer;
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
  private final VerifyReport report;
  private final @Nullable AnnexPointer pointer;
  private final @Nullable Annex annex;

  Inspection(DaxfsImage image, @Nullable Annex annex) throws IOException {
    this.superblock = image.superblock();
    this.report = ImageVerifier.verify(image);
    this.pointer = AnnexPointer.read(image.bytes());
    this.annex = annex;
  }

  void print(Path file, PrintStream out) {
    VerifyReport.Counts counts = report.counts();
    line(out, "%s", ShellWord.quote(file.toString()));
    line(
        out,
        "  format      DAXFS version %d, pages of %d bytes, %s",
        superblock.version(),
        superblock.blockSize(),
        superblock.overlayOffset() == 0 ? "no overlay region: nothing executes from a mount" : "with overlay region");
    line(out, "  size        %,d bytes", superblock.totalSize());
    region(out, "base image", superblock.baseOffset(), superblock.baseSize());
    region(out, "overlay", superblock.overlayOffset(), superblock.overlaySize());
    region(out, "page cache", superblock.pageCacheOffset(), superblock.pageCacheSize());
    region(out, "annex", pointer == null ? 0 : pointer.offset(), pointer == null ? 0 : pointer.length());
    line(
        out,
        "  inodes      %,d: %,d files, %,d directories, %,d symlinks; %,d names",
        counts.inodes(),
        counts.regularFiles(),
        counts.directories(),
        counts.symlinks(),
        counts.names());
    line(
        out,
        "  verify      %s",
        report.isSound() ? "sound" : Sizes.count(report.findingCount(), "finding", "findings") + ": daxconv verify");
    if (annex != null) {
      printAnnex(annex, out);
    }
  }

  private static void printAnnex(Annex annex, PrintStream out) {
    line(out, "  image       %s", annex.reference());
    if (annex.platform() != null) {
      line(out, "  platform    %s", annex.platform());
    }
    if (annex.source() != null) {
      line(out, "  source      %s", annex.source().reference());
    }
    for (int i = 0; i < annex.diffIds().size(); i++) {
      line(out, "  layer %-5d %s", i + 1, annex.diffIds().get(i));
    }
    if (annex.config() != null) {
      annex
          .config()
          .properties()
          .forEach(entry -> line(out, "  config      %s %s", entry.getKey(), entry.getValue()));
    }
    line(
        out,
        "  left out    times, xattrs of %s, %s; to list them: --left-out",
        Sizes.count(annex.xattrs().size(), "file", "files"),
        Sizes.count(annex.specialFiles().size(), "special file", "special files"));
    line(out, "  remarks     %d", annex.remarks().size());
  }

  private static void region(PrintStream out, String name, long offset, long size) {
    if (offset != 0) {
      line(out, "  %-11s %,d bytes at %,d", name, size, offset);
    }
  }

  private static void line(PrintStream out, String format, Object... arguments) {
    out.println(ErrorLine.oneLine(String.format(Locale.ROOT, format, arguments)));
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
        .put("pcache_offset", superblock.pageCacheOffset())
        .put("pcache_size", superblock.pageCacheSize());
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

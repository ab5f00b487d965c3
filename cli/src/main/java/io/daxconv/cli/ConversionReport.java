package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.ConversionResult;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.load.LoadResult;
import io.daxconv.converter.source.Digest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a conversion made, for people and for programs. */
final class ConversionReport {
  private final ConversionResult result;
  private final boolean erofsView;
  private final @Nullable LoadResult loaded;

  ConversionReport(ConversionResult result, boolean erofsView) {
    this(result, erofsView, null);
  }

  /**
   * @param loaded where the image lies if it is in memory and in no file
   */
  ConversionReport(ConversionResult result, boolean erofsView, @Nullable LoadResult loaded) {
    this.result = result;
    this.erofsView = erofsView;
    this.loaded = loaded;
  }

  private Digest sha256() throws IOException {
    return loaded == null || loaded.sha256() == null ? result.sha256() : loaded.sha256();
  }

  void print(Lines lines) throws IOException {
    String file =
        loaded == null
            ? ShellWord.file(result.file().toString())
            : ShellWord.quote(loaded.target().toString());
    lines.heading(file + ": " + Sizes.text(result.size()) + ", " + Sizes.bytes(result.size()));
    lines.field("sha256", sha256().hex());
    lines.field(
        "holds",
        String.join(
            ", ",
            Sizes.count(result.regularFiles(), "file", "files"),
            Sizes.count(result.directories(), "directory", "directories"),
            Sizes.count(result.symlinks(), "symlink", "symlinks")));
    lines.field(
        "sharing",
        "saves "
            + Sizes.text(result.fileBytes() - result.storedBytes())
            + ": equal files are stored once");
    if (result.paddingBytes() > 0) {
      lines.field(
          "alignment",
          "costs "
              + Sizes.text(result.paddingBytes())
              + ", "
              + Sizes.bytes(result.paddingBytes())
              + " between files");
    }
    if (result.backing() != null) {
      lines.command(
          "backing",
          ShellWord.file(result.backing().toString())
              + ": "
              + Sizes.text(result.backingSize())
              + ", the data of all files"
              + (erofsView ? "; mounts as EROFS by itself" : ""));
    }
    String leftOut = leftOut(result.xattrsLeftOut(), result.specialFilesLeftOut(), erofsView);
    lines.command(
        "left out",
        loaded == null ? leftOut + "; to list them: daxconv inspect --left-out " + file : leftOut);
    for (Remark remark : result.remarks()) {
      lines.field("remark", remark.path() + ": " + remark.detail());
    }
    if (loaded == null) {
      lines.command("next", next(file));
    } else {
      LoadReport report = new LoadReport(loaded);
      report.printPlace(lines);
      report.printMount(lines);
    }
  }

  /** A plan needs an image that holds its data. */
  private String next(String file) {
    return result.backing() == null
        ? "daxconv mount-spec " + file + " --containers 2"
        : "daxconv verify " + file + " --backing " + ShellWord.file(result.backing().toString());
  }

  /** What DAXFS does not hold, and whether it is in the file nevertheless. */
  static String leftOut(long filesWithXattrs, long specialFiles, boolean erofsView) {
    return "all times, xattrs of "
        + Sizes.count(filesWithXattrs, "file", "files")
        + ", "
        + Sizes.count(specialFiles, "special file", "special files")
        + (erofsView
            ? " from DAXFS; the EROFS view has them"
            : "; without an EROFS view nothing mounts them");
  }

  ObjectNode json() throws IOException {
    ObjectNode json =
        Json.object()
            .put("file", result.file().toString())
            .put("size", result.size())
            .put("sha256", sha256().hex())
            .put("erofs_view", erofsView)
            .put("regular_files", result.regularFiles())
            .put("directories", result.directories())
            .put("symlinks", result.symlinks())
            .put("names", result.names())
            .put("file_bytes", result.fileBytes())
            .put("stored_bytes", result.storedBytes())
            .put("saved_bytes", result.fileBytes() - result.storedBytes())
            .put("padding_bytes", result.paddingBytes());
    if (result.backing() != null) {
      json.put("backing", result.backing().toString()).put("backing_size", result.backingSize());
    }
    json.putObject("left_out")
        .put("times", true)
        .put("files_with_xattrs", result.xattrsLeftOut())
        .put("special_files", result.specialFilesLeftOut())
        .put("held_by_erofs_view", erofsView);
    ArrayNode remarks = json.putArray("remarks");
    for (Remark remark : result.remarks()) {
      remarks
          .addObject()
          .put("id", remark.id())
          .put("path", remark.path())
          .put("detail", remark.detail());
    }
    if (loaded != null) {
      json.set("loaded", new LoadReport(loaded).json());
    }
    return json;
  }
}

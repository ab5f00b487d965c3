package io.daxconv.cli;

import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.FileXattrs;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.annex.SpecialFile;
import java.io.PrintStream;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What DAXFS could not hold, one a line, fields between tabs. */
final class LeftOutListing {
  private LeftOutListing() {}

  static void print(@Nullable Annex annex, PrintStream out) {
    if (annex == null) {
      out.println("no annex: the file does not say what was left out");
      return;
    }
    for (FileXattrs file : annex.xattrs()) {
      for (Map.Entry<String, byte[]> xattr : file.xattrs().entrySet()) {
        line(
            out,
            "xattr",
            file.path(),
            xattr.getKey(),
            "0x" + HexFormat.of().formatHex(xattr.getValue()));
      }
    }
    for (SpecialFile file : annex.specialFiles()) {
      line(
          out,
          file.type(),
          file.path(),
          String.format(java.util.Locale.ROOT, "%04o", file.permissions()),
          file.uid() + ":" + file.gid(),
          file.type().endsWith("device") ? file.major() + ":" + file.minor() : "-");
    }
    line(out, "times", "/", "all");
    for (Remark remark : annex.remarks()) {
      line(out, "remark", remark.path(), remark.id(), remark.detail());
    }
  }

  private static void line(PrintStream out, String... fields) {
    for (int i = 0; i < fields.length; i++) {
      out.print((i == 0 ? "" : "\t") + ErrorLine.oneLine(fields[i]));
    }
    out.println();
  }
}

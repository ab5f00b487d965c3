package io.daxconv.cli;

import io.daxconv.converter.browse.FileInode;
import io.daxconv.converter.browse.ImageTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of one directory, with the fields of {@code ls -l} in columns. */
final class LsTable {
  private final ImageTree tree;
  private final NamesOut out;
  private final boolean detailed;
  private final boolean human;
  private final boolean numbered;
  private final List<Line> lines = new ArrayList<>();
  private boolean printed;

  @SuppressWarnings("ArrayRecordComponent")
  private record Line(byte[] name, FileInode inode) {}

  LsTable(ImageTree tree, NamesOut out, boolean detailed, boolean human, boolean numbered) {
    this.tree = tree;
    this.out = out;
    this.detailed = detailed;
    this.human = human;
    this.numbered = numbered;
  }

  void add(byte[] name, FileInode inode) {
    lines.add(new Line(name, inode));
  }

  /** Names the directory whose lines follow, a blank line before all but the first. */
  void heading(@Nullable NamesOut headings, byte[] directory) throws IOException {
    if (headings != null) {
      if (printed) {
        headings.end();
      }
      headings.name(directory).text(":").end();
      printed = true;
    }
  }

  /** Prints what was added. */
  void print() throws IOException {
    int[] widths = new int[6];
    List<String[]> all = new ArrayList<>(detailed ? lines.size() : 0);
    if (detailed) {
      for (Line line : lines) {
        String[] fields = LongLine.fields(line.inode, human);
        for (int i = 0; i < fields.length; i++) {
          widths[i] = Math.max(widths[i], fields[i].length());
        }
        all.add(fields);
      }
    }
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (numbered) {
        out.text(line.inode.number() + " ");
      }
      if (detailed) {
        out.text(padded(all.get(i), widths));
      }
      out.name(line.name);
      if (detailed && line.inode.isSymlink()) {
        out.text(" -> ").name(tree.target(line.inode));
      }
      out.end();
      printed = true;
    }
    lines.clear();
  }

  private static String padded(String[] fields, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < fields.length; i++) {
      String space = " ".repeat(widths[i] - fields[i].length());
      line.append(LongLine.isNumber(i) ? space + fields[i] : fields[i] + space).append(' ');
    }
    return line.toString();
  }
}

package io.daxconv.cli;

import java.util.List;
import java.util.Locale;

/** How far the bytes of one layer are. */
final class Transfer {
  private static final int LONGEST_LABEL = 32;

  private final String label;
  private final String verb;
  private final long total;
  private long done;

  /**
   * @param label how messages name the layer: {@code layer 3 of 6 (sha256:0123456789ab)}
   * @param verb what happens to the bytes
   * @param total all bytes, or -1 if unknown
   */
  Transfer(String label, String verb, long total) {
    this.label = label;
    this.verb = verb;
    this.total = total;
  }

  String label() {
    return label;
  }

  void reach(long bytes) {
    done = bytes;
  }

  boolean hasBegun() {
    return done > 0;
  }

  /** One line each, in columns: {@code layer 3 of 6 fetching 45% 12.3 of 27.1 MiB}. */
  static List<String> lines(List<Transfer> transfers) {
    int width = transfers.stream().mapToInt(each -> each.shortLabel().length()).max().orElse(0);
    return transfers.stream().map(each -> each.line(width)).toList();
  }

  private String line(int labelWidth) {
    String start = String.format(Locale.ROOT, "%-" + labelWidth + "s  %-8s", shortLabel(), verb);
    return total > 0
        ? String.format(Locale.ROOT, "%s  %3d%%  %s", start, percent(), Sizes.part(done, total))
        : start + "  " + Sizes.text(done);
  }

  private long percent() {
    return (long) (100.0 * Math.min(done, total) / total);
  }

  /** Without the digest; the line that stays has it. */
  private String shortLabel() {
    String text = ErrorLine.oneLine(label.replaceFirst(" \\(sha[0-9]+:[0-9a-f]+\\)$", ""));
    return text.length() <= LONGEST_LABEL ? text : text.substring(0, LONGEST_LABEL - 3) + "...";
  }
}

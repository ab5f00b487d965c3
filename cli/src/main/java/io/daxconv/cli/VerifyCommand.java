package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.SourceTree;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.verify.Differences;
import io.daxconv.converter.verify.Finding;
import io.daxconv.converter.verify.ImageContents;
import io.daxconv.converter.verify.ImageVerifier;
import io.daxconv.converter.verify.LeftOutComparison;
import io.daxconv.converter.verify.TreeComparison;
import io.daxconv.converter.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks a converted image. */
@Command(
    name = "verify",
    description = {
      "Check a DAXFS file, as the kernel's validate does and more strictly.",
      "Findings go to standard output, one a line: ID: PLACE: expected ..., found ..."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class VerifyCommand implements Callable<Integer>, BudgetOptions.Reader {
  private final Streams streams;
  private final BudgetOptions budgets = new BudgetOptions();

  @Mixin private ImageFile image;
  @Mixin private BackingOption backing;

  @Option(
      names = "--against",
      paramLabel = "IMAGE",
      description = "compare every path with this image as well; any source that convert takes")
  private @Nullable String against;

  @Mixin private SourceArguments source;
  @Mixin private OutputOptions say;

  VerifyCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public BudgetOptions budgets() {
    return budgets;
  }

  @Override
  public Integer call() throws IOException {
    Path file = image.path();
    Path data = backing.path();
    String wanted = against;
    if (wanted != null) {
      source.check(wanted);
    }
    VerifyReport report;
    List<Finding> findings = new ArrayList<>();
    long count;
    try (SourceReading reading =
        wanted == null ? null : SourceReading.start(file, data, into -> expected(wanted, into))) {
      report = ImageVerifier.verify(file, data);
      findings.addAll(report.findings());
      count = report.findingCount();
      if (reading != null && report.isSound()) {
        for (Differences differences : compare(reading.result())) {
          findings.addAll(differences.findings());
          count += differences.findingCount();
        }
      }
    }
    if (say.json) {
      Json.print(streams.out(), json(file, report.counts(), findings, count));
    } else if (!say.quiet) {
      print(file, report.counts(), findings, count);
    }
    return count == 0 ? Main.DONE : Main.FAILED;
  }

  /** What the image to compare with must give. */
  private SourceTree.Contents expected(String wanted, ImageContents converted) throws IOException {
    try (Progress progress = Progress.of(streams, say.quiet);
        SourceImage image = source.open(wanted, streams, budgets.budgets(), progress)) {
      return SourceTree.contents(
          image, ConversionOptions.DEFAULT.jobs(), budgets.budgets(), progress, converted);
    }
  }

  /** The tree, path by path, and what DAXFS cannot hold of it. */
  private static List<Differences> compare(SourceReading.Result read) throws IOException {
    ImageContents converted = read.converted();
    SourceTree.Contents expected = read.expected();
    return List.of(
        TreeComparison.compare(converted, expected.entries()),
        LeftOutComparison.compare(
            converted.image().annex(), expected.xattrs(), expected.specialFiles()));
  }

  private void print(Path file, VerifyReport.Counts counts, List<Finding> findings, long count) {
    for (Finding finding : findings) {
      streams.out().println(ErrorLine.oneLine(finding.toString()));
    }
    if (count > findings.size()) {
      streams.out().printf("... and %,d more%n", count - findings.size());
    }
    String name = ShellWord.file(file.toString());
    String holds =
        Sizes.count(counts.inodes(), "inode", "inodes")
            + ", "
            + Sizes.count(counts.names(), "name", "names");
    String verdict =
        count == 0
            ? "sound" + (against == null ? "" : ", and the same tree as " + against)
            : Sizes.count(count, "finding", "findings");
    streams.out().println(ErrorLine.ofUser(name + ": " + verdict + "; " + holds));
  }

  private static ObjectNode json(
      Path file, VerifyReport.Counts counts, List<Finding> findings, long count) {
    ObjectNode json =
        Json.object()
            .put("file", file.toString())
            .put("sound", count == 0)
            .put("inodes", counts.inodes())
            .put("names", counts.names())
            .put("finding_count", count);
    ArrayNode array = json.putArray("findings");
    for (Finding finding : findings) {
      array
          .addObject()
          .put("id", finding.id())
          .put("place", finding.place())
          .put("expected", finding.expected())
          .put("found", finding.found());
    }
    return json;
  }
}

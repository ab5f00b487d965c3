package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.SourceTree;
import io.daxconv.converter.verify.Differences;
import io.daxconv.converter.verify.Finding;
import io.daxconv.converter.verify.ImageContents;
import io.daxconv.converter.verify.ImageVerifier;
import io.daxconv.converter.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

  @Spec private CommandSpec spec;
  @Mixin private ImageFile image;
  @Mixin private BackingOption backing;

  @Option(
      names = "--against",
      paramLabel = "[NAME=]IMAGE",
      description = {
        "compare every path with this image as well; any source that convert takes;",
        "of a file of several images, once for each, as pack has them"
      })
  private List<String> against = new ArrayList<>();

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
    Against wanted = new Against(spec, against);
    against.forEach(each -> source.check(NamedSources.source(each)));
    VerifyReport report;
    List<Finding> findings = new ArrayList<>();
    long count;
    try (SourceReading reading =
        against.isEmpty()
            ? null
            : SourceReading.start(file, data, into -> expected(wanted, into))) {
      report = ImageVerifier.verify(file, data);
      findings.addAll(report.findings());
      count = report.findingCount();
      if (reading != null && report.isSound()) {
        SourceReading.Result read = reading.result();
        for (Differences differences : wanted.compare(read.converted(), read.expected())) {
          findings.addAll(differences.findings());
          count += differences.findingCount();
        }
      }
    }
    if (say.json) {
      Json.print(streams.out(), json(file, wanted, report.counts(), findings, count));
    } else if (!say.quiet) {
      print(file, wanted, report.counts(), findings, count);
    }
    return count == 0 ? Main.DONE : Main.FAILED;
  }

  /** What the image to compare with must give. */
  private SourceTree.Contents expected(Against wanted, ImageContents converted) throws IOException {
    try (Progress progress = Progress.of(streams, say.quiet)) {
      return wanted.expected(converted, source, streams, budgets, progress);
    }
  }

  private void print(
      Path file, Against wanted, VerifyReport.Counts counts, List<Finding> findings, long count) {
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
            ? "sound" + (against.isEmpty() ? "" : wanted.verdict())
            : Sizes.count(count, "finding", "findings");
    streams.out().println(ErrorLine.ofUser(name + ": " + verdict + "; " + holds));
  }

  private ObjectNode json(
      Path file, Against wanted, VerifyReport.Counts counts, List<Finding> findings, long count) {
    ObjectNode json =
        Json.object()
            .put("file", file.toString())
            .put("sound", count == 0)
            .put("inodes", counts.inodes())
            .put("names", counts.names())
            .put("finding_count", count);
    if (!against.isEmpty()) {
      json.put("uid_shift", wanted.uidShift()).put("added_paths", wanted.added());
    }
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

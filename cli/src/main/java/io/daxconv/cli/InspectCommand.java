package io.daxconv.cli;

import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.verify.Listing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what a converted image is. */
@Command(
    name = "inspect",
    description = "Show superblock, regions, counts and annex of a DAXFS file.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InspectCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;
  @Mixin private ImageFile image;
  @Mixin private BackingOption backing;

  @ArgGroup(exclusive = true)
  private Form form = new Form();

  /** What is shown instead of the summary. */
  private static final class Form {
    @Option(
        names = "--left-out",
        description = "list what DAXFS could not hold, and remarks: one a line")
    private boolean leftOut;

    @Option(names = "--tree", description = "list every path with its metadata and content digest")
    private boolean tree;

    @Option(
        names = "--full",
        description = "list every path as the EROFS view has it: also times, xattrs, special files")
    private boolean full;

    @Option(names = "--json", description = "the summary as one JSON object")
    private boolean json;
  }

  InspectCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Path file = image.path();
    try (DaxfsImage daxfs = DaxfsImage.open(file, backing.path())) {
      Annex annex = daxfs.annex();
      if (form.full) {
        SplitImage.requireData(spec, daxfs);
        Listing.listFull(InspectedView.required(daxfs), streams.out());
      } else if (form.tree) {
        SplitImage.requireData(spec, daxfs);
        Listing.list(daxfs, streams.out());
      } else if (form.leftOut) {
        LeftOutListing.print(annex, streams.out());
      } else if (form.json) {
        Json.print(streams.out(), new Inspection(daxfs, annex).json(file));
      } else {
        new Inspection(daxfs, annex).print(file, streams.out());
      }
    }
    return Main.DONE;
  }
}

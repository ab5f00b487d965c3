package io.daxconv.cli;

import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.verify.Listing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a converted image is. */
@Command(
    name = "inspect",
    description = "Show superblock, regions, counts and annex of a DAXFS file.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InspectCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(paramLabel = "FILE", description = "the DAXFS file")
  private Path file;

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

  @Mixin private OutputOptions say;

  InspectCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    try (DaxfsImage image = DaxfsImage.open(file)) {
      Annex annex = image.annex();
      if (full) {
        Listing.listFull(InspectedView.required(image), streams.out());
      } else if (tree) {
        Listing.list(image, streams.out());
      } else if (leftOut) {
        LeftOutListing.print(annex, streams.out());
      } else if (say.json) {
        Json.print(streams.out(), new Inspection(image, annex).json(file));
      } else {
        new Inspection(image, annex).print(file, streams.out());
      }
    }
    return Main.DONE;
  }
}

package io.daxconv.cli;

import io.daxconv.converter.load.LoadResult;
import io.daxconv.converter.load.Loader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts an image into memory. */
@Command(
    name = "load",
    description = "Put a DAXFS file into memory, check what is there then, and mount it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LoadCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private ImageFile image;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "TARGET",
      description = {
        "where it goes:",
        "  dax:/dev/daxX.Y        device DAX, such as CXL memory",
        "  pmem:/dev/pmemN        persistent memory",
        "  dma-heap:PATH          a dma-buf of that heap; with --mount",
        "  phys:ADDRESS,SIZE      physical memory that the kernel leaves alone",
        "  lazy-cma:PATH[,NODE]   memory that lazy_cma allocates",
        "  tmpfs:DIR              a file in a directory on a tmpfs",
        "  file:PATH              a file"
      })
  private String to;

  @Mixin private LoadArguments load;

  @Option(names = "--dry-run", description = "check all that can be checked, and change nothing")
  private boolean dryRun;

  @Mixin private OutputOptions say;

  LoadCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Loader loader = Loader.of(load.target(to), load.options());
    Path file = image.path();
    LoadResult result;
    try (LoadProgress progress = new LoadProgress(streams, file.toString(), say.quiet)) {
      result = dryRun ? loader.check(file) : loader.load(file, progress);
    }
    LoadReport report = new LoadReport(result);
    if (say.json) {
      Json.print(streams.out(), report.json().put("file", file.toString()));
    } else if (!say.quiet) {
      report.print(new Lines(streams.out()), file.toString());
    }
    return Main.DONE;
  }
}

package io.daxconv.cli;

import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.ConversionResult;
import io.daxconv.converter.Converter;
import io.daxconv.converter.source.SourceImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Pulls an image and converts it. */
@Command(
    name = "pull-and-convert",
    aliases = "convert",
    description = "Make an image into one DAXFS file.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConvertCommand implements Callable<Integer>, BudgetOptions.Reader {
  private final Streams streams;
  private final BudgetOptions budgets = new BudgetOptions();

  @Spec private CommandSpec spec;

  @Mixin private ImageArguments image;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.daxfs",
      description = "the file to make; it appears whole or not at all")
  private Path output;

  @Option(
      names = "--page-size",
      defaultValue = "4096",
      paramLabel = "BYTES",
      description = "page size of the kernels that will mount it: 4096 (the default), 16384, 65536")
  private int pageSize;

  @Option(
      names = "--no-overlay",
      description =
          "leave out the overlay region of two blocks; nothing executes from a mount then")
  private boolean noOverlay;

  @Option(
      names = "--no-erofs",
      description =
          "leave out the EROFS view, by which every Linux without DAXFS can mount the file")
  private boolean noErofs;

  @Option(
      names = "--record-source",
      description =
          "say in the file where the image was found; the bytes then differ from source to source")
  private boolean recordSource;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "layers read at once (default: one a processor); never changes the result")
  private int jobs = ConversionOptions.DEFAULT.jobs();

  @Mixin private OutputOptions say;

  ConvertCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public BudgetOptions budgets() {
    return budgets;
  }

  @Override
  public Integer call() throws IOException {
    ConversionOptions options = options();
    if (output.toString().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--output: expected the name of a file, found an empty one");
    }
    ConversionResult result;
    try (Progress progress = Progress.of(streams, say.quiet);
        SourceImage source = image.open(streams, budgets.budgets(), progress)) {
      result = Converter.convert(source, output, options, progress);
    }
    ConversionReport report = new ConversionReport(result, options.erofsView());
    if (say.json) {
      Json.print(streams.out(), report.json());
    } else if (!say.quiet) {
      report.print(new Lines(streams.out()));
    }
    return Main.DONE;
  }

  private ConversionOptions options() {
    try {
      return new ConversionOptions(
          pageSize, !noOverlay, !noErofs, recordSource, jobs, budgets.budgets());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}

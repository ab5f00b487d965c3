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

  @Mixin private LayoutOptions layout;

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
    ConversionOptions options = layout.options(budgets.budgets());
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
}

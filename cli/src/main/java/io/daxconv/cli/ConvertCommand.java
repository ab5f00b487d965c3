package io.daxconv.cli;

import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.ConversionResult;
import io.daxconv.converter.Converter;
import io.daxconv.converter.load.LoadListener;
import io.daxconv.converter.load.Loader;
import io.daxconv.converter.load.MemoryOutput;
import io.daxconv.converter.source.SourceImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      paramLabel = "OUT.daxfs",
      description = "the file to make; it appears whole or not at all")
  private @Nullable Path output;

  @Mixin private ConvertTarget target;

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
    Path file = target.file(output);
    if (file == null) {
      return convertInto(target.memory(), options);
    }
    ConversionResult result;
    try (Progress progress = Progress.of(streams, say.quiet);
        SourceImage source = image.open(streams, budgets.budgets(), progress)) {
      result = Converter.convert(source, file, options, progress);
    }
    print(new ConversionReport(result, options.erofsView()));
    return Main.DONE;
  }

  /** Into memory, which is claimed before anything is read. */
  private int convertInto(Loader loader, ConversionOptions options) throws IOException {
    if (options.placement().backing() != null) {
      throw new ParameterException(
          spec.commandLine(), "--backing: expected -o or a file, found a target in memory");
    }
    ConversionReport report;
    try (Progress progress = Progress.of(streams, say.quiet);
        SourceImage source = image.open(streams, budgets.budgets(), progress);
        MemoryOutput memory = target.open(loader, source.provenance().reference())) {
      ConversionResult result = Converter.convert(source, memory, options, progress);
      report =
          new ConversionReport(result, options.erofsView(), memory.finish(null, LoadListener.NONE));
    }
    print(report);
    return Main.DONE;
  }

  private void print(ConversionReport report) throws IOException {
    if (say.json) {
      Json.print(streams.out(), report.json());
    } else if (!say.quiet) {
      report.print(new Lines(streams.out()));
    }
  }
}

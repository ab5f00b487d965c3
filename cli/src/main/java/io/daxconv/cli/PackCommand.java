package io.daxconv.cli;

import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.ConversionResult;
import io.daxconv.converter.Converter;
import io.daxconv.converter.NamedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes several images into one file. */
@Command(
    name = "pack",
    description =
        "Make several images into one DAXFS file: each is a directory, equal files are stored"
            + " once.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PackCommand implements Callable<Integer>, BudgetOptions.Reader {
  private final Streams streams;
  private final BudgetOptions budgets = new BudgetOptions();

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "[NAME=]IMAGE",
      description = {
        "any source that convert takes; NAME is its directory",
        "(default: the last part of IMAGE, such as debian-12 for docker.io/library/debian:12)"
      })
  private List<String> images = new ArrayList<>();

  @Mixin private SourceArguments source;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "POOL.daxfs",
      description = "the file to make; it appears whole or not at all")
  private Path output;

  @Mixin private LayoutOptions layout;
  @Mixin private OutputOptions say;

  PackCommand(Streams streams) {
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
      throw misuse("--output: expected the name of a file, found an empty one");
    }
    ConversionResult result;
    try (Progress progress = Progress.of(streams, say.quiet)) {
      result = Converter.pack(images(progress), output, options, progress);
    }
    ConversionReport report = new ConversionReport(result, options.erofsView());
    if (say.json) {
      Json.print(streams.out(), report.json());
    } else if (!say.quiet) {
      report.print(new Lines(streams.out()));
    }
    return Main.DONE;
  }

  private List<NamedImage> images(Progress progress) {
    return new NamedSources(spec, source, streams, budgets).images(images, progress);
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}

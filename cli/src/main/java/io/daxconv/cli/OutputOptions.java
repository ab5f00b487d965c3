package io.daxconv.cli;

import picocli.CommandLine.Option;

/** How much a command says, and in what form. */
final class OutputOptions {
  @Option(
      names = {"-q", "--quiet"},
      description = "no progress and no result, only errors")
  boolean quiet;

  @Option(names = "--json", description = "the result as one JSON object on standard output")
  boolean json;
}

package io.daxconv.cli;

import picocli.CommandLine.Option;

/** What {@link ErrorLine} looks for. */
final class VerboseOption {
  @Option(names = "--verbose", description = "with an error, where in the program it came up")
  boolean verbose;
}

package io.daxconv.cli;

import picocli.CommandLine.Option;

/** {@code --help} without the {@code -h} that is for people's sizes where a command has them. */
final class LongHelp {
  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Option(names = "--help", usageHelp = true, description = "Show this help message and exit.")
  private boolean help;
}

package io.daxconv.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program without a command; {@link Commands} has those. */
@Command(
    name = "daxconv",
    description = "Makes container images into DAXFS files that many containers share in memory.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:it failed, or verify has findings",
      "2:the command line is wrong, or the file to verify or inspect cannot be opened",
      "130:interrupted",
      "143:terminated"
    })
final class Daxconv implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "with an error, where in the program it came up")
  private boolean verbose;

  @SuppressWarnings("NullAway.Init") // picocli injects the spec
  Daxconv() {}

  boolean isVerbose() {
    return verbose;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command, found none");
  }
}

package io.daxconv.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program without a command. */
@Command(
    name = "daxconv",
    description = "Makes container images into DAXFS files that many containers share in memory.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    subcommands = {
      ConvertCommand.class,
      VerifyCommand.class,
      InspectCommand.class,
      MountSpecCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:it failed, or verify has findings",
      "2:the command line is wrong",
      "130:interrupted"
    })
final class Daxconv implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli injects the spec
  Daxconv() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command, found none");
  }
}

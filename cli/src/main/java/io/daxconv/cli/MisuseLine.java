package io.daxconv.cli;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** A wrong command line gets one line and exit code 2. */
final class MisuseLine implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String message = String.valueOf(e.getMessage()).replaceFirst("^Error: ", "");
    command.getErr().println("daxconv: " + ErrorLine.ofUser(message) + "; see " + name + " --help");
    return Main.MISUSE;
  }
}

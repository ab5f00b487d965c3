package io.daxconv.cli;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** A failure gets one line and exit code 1; {@code --verbose} adds where in the program it was. */
final class ErrorLine implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    command.getErr().println("daxconv: " + message(e));
    if (command.getCommandSpec().root().userObject() instanceof Daxconv program
        && program.isVerbose()) {
      e.printStackTrace(command.getErr());
    }
    return Main.FAILED;
  }

  private static String message(Exception e) {
    return switch (e) {
      case DaxconvException daxconv -> oneLine(daxconv.getMessage());
      case NoSuchFileException file -> oneLine(file.getFile()) + ": no such file or directory";
      case AccessDeniedException file -> oneLine(file.getFile()) + ": permission denied";
      case FileSystemException file -> oneLine(file.getMessage());
      case IOException io -> "input/output: " + oneLine(io.getMessage());
      default ->
          "internal error, please report it with the output of --verbose: "
              + oneLine(String.valueOf(e));
    };
  }

  /** Text on one line, nothing in it that a terminal would obey. */
  static String oneLine(@Nullable String text) {
    if (text == null) {
      return "unknown";
    }
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if ((c >= ' ' && c < 0x7f) || c == '…') {
                line.appendCodePoint(c);
              } else {
                line.append(
                    Escapes.escape(
                        new String(Character.toChars(c))
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
              }
            });
    return line.toString();
  }
}

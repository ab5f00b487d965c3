package io.daxconv.cli;

import io.daxconv.converter.BudgetException;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** A failure gets one line and exit code 1; {@code --verbose} adds where in the program it was. */
final class ErrorLine implements IExecutionExceptionHandler {
  private final Daxconv program;
  private final PrintStream out;

  /**
   * @param out results, of which what there is comes before the line
   */
  ErrorLine(Daxconv program, PrintStream out) {
    this.program = program;
    this.out = out;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    print(e, command.getErr());
    return command.getCommandSpec().exitCodeOnExecutionException();
  }

  int print(Throwable e, PrintWriter err) {
    out.flush();
    if (isUnwritten(e)) {
      return Main.FAILED;
    }
    OutOfMemoryError memory = outOfMemory(e);
    if (memory != null) {
      print(memory, err);
    } else {
      err.println("daxconv: " + text(e));
    }
    if (program.isVerbose()) {
      e.printStackTrace(err);
    }
    err.flush();
    return Main.FAILED;
  }

  /** Told at the end, where it is told too if nobody has noticed before. */
  private static boolean isUnwritten(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnwrittenException) {
        return true;
      }
    }
    return false;
  }

  /** What went wrong and, where an option helps, which one. */
  static String text(Throwable e) {
    return message(e) + advice(e);
  }

  /** The option that allows more, where that is all that is wrong. */
  private static String advice(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BudgetException budget && budget.canBeRaised()) {
        return "; " + BudgetOptions.name(budget.budget()) + " allows more";
      }
    }
    return "";
  }

  /** In pieces: where memory is short, joining strings would need more of it than there is. */
  private static void print(OutOfMemoryError memory, PrintWriter err) {
    err.print("daxconv: out of memory: ");
    err.print(memory.getMessage());
    err.print(", give Java more with JAVA_TOOL_OPTIONS=-Xmx");
    err.print(Runtime.getRuntime().maxMemory() >> 19);
    err.println("m");
  }

  private static @Nullable OutOfMemoryError outOfMemory(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError memory) {
        return memory;
      }
    }
    return null;
  }

  private static String message(Throwable e) {
    return switch (e) {
      case DaxconvException daxconv -> oneLine(daxconv.getMessage());
      case NoSuchFileException file -> ofUser(file.getFile()) + ": no such file or directory";
      case AccessDeniedException file -> ofUser(file.getFile()) + ": permission denied";
      case FileSystemException file -> ofUser(file.getMessage());
      case IOException io -> "input/output: " + oneLine(io.getMessage());
      default ->
          "internal error, please report it with the output of --verbose: "
              + oneLine(String.valueOf(e));
    };
  }

  /** Text from outside on one line, nothing in it that a terminal would obey. */
  static String oneLine(@Nullable String text) {
    return escape(text, c -> isAscii(c) || c == '…');
  }

  /**
   * The same for what the user has typed, such as the name of a file: letters and digits of all
   * scripts stay.
   */
  static String ofUser(@Nullable String text) {
    return escape(text, c -> isShown(c) || c == '…');
  }

  /** Whether {@link #ofUser} leaves a character as it is in whatever a user has typed. */
  static boolean isShown(int c) {
    return isAscii(c) || (Character.isLetterOrDigit(c) && !isBlankLetter(c));
  }

  private static boolean isAscii(int c) {
    return c >= ' ' && c < 0x7f;
  }

  /** The Hangul fillers are letters that nobody sees. */
  private static boolean isBlankLetter(int c) {
    return c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0;
  }

  private static String escape(@Nullable String text, IntPredicate shown) {
    if (text == null) {
      return "unknown";
    }
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (shown.test(c)) {
                line.appendCodePoint(c);
              } else {
                byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
                line.append(Escapes.escape(bytes));
              }
            });
    return line.toString();
  }
}

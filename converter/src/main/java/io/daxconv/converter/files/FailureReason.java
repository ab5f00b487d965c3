package io.daxconv.converter.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why the operating system refused something, in its words and without the file's name. */
public final class FailureReason {
  private FailureReason() {}

  /** The reason; never null. */
  public static String of(IOException e) {
    String reason =
        switch (e) {
          case AccessDeniedException denied -> "permission denied";
          case NoSuchFileException absent -> "no such file or directory";
          case FileSystemException file -> file.getReason();
          default -> e.getMessage();
        };
    return reason == null ? e.getClass().getSimpleName() : reason;
  }
}

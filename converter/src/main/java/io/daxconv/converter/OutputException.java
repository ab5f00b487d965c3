package io.daxconv.converter;

import java.nio.file.Path;

/** A place that cannot be written to. */
public final class OutputException extends DaxconvException {
  OutputException(Path file, String message) {
    super(file + ": " + message);
  }

  OutputException(Path file, String message, Throwable cause) {
    super(file + ": " + message, cause);
  }
}

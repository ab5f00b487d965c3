package io.daxconv.converter.browse;

import io.daxconv.converter.DaxconvException;

/** Files that cannot be put where they should go. */
public final class ExtractException extends DaxconvException {
  ExtractException(String message) {
    super(message);
  }

  ExtractException(String message, Throwable cause) {
    super(message, cause);
  }
}

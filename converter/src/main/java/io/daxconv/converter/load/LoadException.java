package io.daxconv.converter.load;

import io.daxconv.converter.DaxconvException;

/** A target that cannot be loaded or unloaded. */
public final class LoadException extends DaxconvException {
  LoadException(LoadTarget target, String message) {
    super(target + ": " + message);
  }

  LoadException(LoadTarget target, String message, Throwable cause) {
    super(target + ": " + message, cause);
  }

  LoadException(String message) {
    super(message);
  }
}

package io.daxconv.converter.compress;

import io.daxconv.converter.DaxconvException;

/** Compressed bytes that are not what their format says. The layer is added where it is read. */
public final class CompressionException extends DaxconvException {
  CompressionException(String message) {
    super(message);
  }

  CompressionException(String message, Throwable cause) {
    super(message, cause);
  }
}

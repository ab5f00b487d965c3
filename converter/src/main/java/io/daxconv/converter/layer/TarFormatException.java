package io.daxconv.converter.layer;

import io.daxconv.converter.DaxconvException;

/** A tar that is not well formed. Which layer and entry it was is added where the layer is read. */
public final class TarFormatException extends DaxconvException {
  TarFormatException(String message) {
    super(message);
  }

  TarFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.daxconv.converter;

import org.jspecify.annotations.Nullable;

/** A layer that cannot be read or flattened. The message names the layer and, if any, the entry. */
public final class LayerException extends DaxconvException {
  public LayerException(String message) {
    super(message);
  }

  public LayerException(String message, @Nullable Throwable cause) {
    super(message);
    if (cause != null) {
      initCause(cause);
    }
  }
}

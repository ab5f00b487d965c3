package io.daxconv.converter.tree;

import io.daxconv.converter.DaxconvException;

/**
 * An entry that cannot be placed. Which layer and entry it was is added where the layer is read.
 */
public final class FlattenException extends DaxconvException {
  FlattenException(String message) {
    super(message);
  }
}

package io.daxconv.converter.running;

import io.daxconv.converter.DaxconvException;

/** A plan that cannot be carried out or undone as it stands, or a journal that cannot be read. */
public final class StateException extends DaxconvException {
  StateException(String message) {
    super(message);
  }
}

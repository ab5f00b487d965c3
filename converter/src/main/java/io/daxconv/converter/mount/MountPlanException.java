package io.daxconv.converter.mount;

import io.daxconv.converter.DaxconvException;

/** A mount plan that cannot be made: a base target that is too small, a path that is no text. */
public final class MountPlanException extends DaxconvException {
  public MountPlanException(String message) {
    super(message);
  }
}

package io.daxconv.converter;

import java.io.IOException;

/**
 * Something a user can read in one line: what was being done, where, what was expected and what was
 * found. Every failure that daxconv itself finds is one; plain {@link IOException}s come from the
 * operating system.
 *
 * <p>It is an {@code IOException} so that streams can throw it while their bytes are being read,
 * which is when a digest turns out to be wrong.
 */
public abstract class DaxconvException extends IOException {
  protected DaxconvException(String message) {
    super(message);
  }

  protected DaxconvException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The line; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}

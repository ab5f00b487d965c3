package io.daxconv.converter.source;

import io.daxconv.converter.DaxconvException;

/**
 * An image source that cannot be read: a reference, manifest, config or blob that does not hold.
 */
public class SourceException extends DaxconvException {
  public SourceException(String message) {
    super(message);
  }

  public SourceException(String message, Throwable cause) {
    super(message, cause);
  }
}

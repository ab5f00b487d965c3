package io.daxconv.oci;

import io.daxconv.converter.source.SourceException;

/** What a reference names is whole and something other than a container image. */
public final class NoContainerImageException extends SourceException {
  public NoContainerImageException(String message) {
    super(message);
  }
}

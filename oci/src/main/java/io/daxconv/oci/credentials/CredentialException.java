package io.daxconv.oci.credentials;

import io.daxconv.converter.source.SourceException;

/** A file or helper that should have given credentials and is broken. Never shows a secret. */
public final class CredentialException extends SourceException {
  public CredentialException(String message) {
    super(message);
  }

  public CredentialException(String message, Throwable cause) {
    super(message, cause);
  }
}

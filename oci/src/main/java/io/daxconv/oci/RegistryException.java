package io.daxconv.oci;

import io.daxconv.converter.DaxconvException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A registry that did not give what was asked for. The message names the registry and the request,
 * its query left out, for it may hold secrets.
 */
public final class RegistryException extends DaxconvException {
  private final int status;
  private final @Nullable String code;
  private final boolean temporary;
  private final @Nullable Duration retryAfter;

  /**
   * @param status the HTTP status, or 0 if there was no answer
   * @param code the registry's own code (distribution-spec, error codes), or null
   * @param temporary whether the same request may succeed later
   */
  public RegistryException(
      String message,
      int status,
      @Nullable String code,
      boolean temporary,
      @Nullable Throwable cause) {
    this(message, status, code, temporary, null, cause);
  }

  /**
   * The same.
   *
   * @param retryAfter how long the registry asks to be left alone, or null if it does not say
   */
  public RegistryException(
      String message,
      int status,
      @Nullable String code,
      boolean temporary,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message);
    this.retryAfter = retryAfter;
    this.status = status;
    this.code = code;
    this.temporary = temporary;
    if (cause != null) {
      initCause(cause);
    }
  }

  /** The HTTP status, or 0 if there was no answer. */
  public int status() {
    return status;
  }

  /** The registry's own code such as {@code MANIFEST_UNKNOWN}, or null. */
  public @Nullable String code() {
    return code;
  }

  /** Whether the same request may succeed later. */
  public boolean temporary() {
    return temporary;
  }

  /** How long the registry asks to be left alone ({@code Retry-After}), or null. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}

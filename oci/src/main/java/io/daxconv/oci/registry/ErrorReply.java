package io.daxconv.oci.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.manifest.JsonValue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is none, read.
 *
 * @param request what was asked, without secrets
 * @param status the HTTP status
 * @param code the registry's own code (distribution-spec, error codes), or null
 * @param message what it says beside it, or null
 * @param retryAfter how long it asks to be left alone, or null
 */
record ErrorReply(
    String request,
    int status,
    @Nullable String code,
    @Nullable String message,
    @Nullable Duration retryAfter) {
  private static final int LIMIT = 1 << 20;

  static ErrorReply read(Reply reply) throws IOException {
    byte[] body = reply.body().readNBytes(LIMIT);
    JsonNode error = error(body);
    return new ErrorReply(
        Urls.redacted(reply.uri()),
        reply.status(),
        error.path("code").textValue(),
        error.path("message").textValue(),
        RetryAfter.parse(reply.header("Retry-After"), Instant.now()));
  }

  private static JsonNode error(byte[] body) {
    try {
      return JsonValue.parse("error", body).node().path("errors").path(0);
    } catch (SourceException notJson) {
      // A proxy's page or nothing at all: the status says enough.
      return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
  }

  /** An error of this reply; {@code summary} says what it means for the user. */
  RegistryException exception(String summary) {
    boolean temporary = status == 429 || status >= 500;
    String wait = temporary && retryAfter != null ? ", to be asked again after %d s" : "";
    return new RegistryException(
        summary + ": " + this + wait.formatted(retryAfter == null ? 0 : retryAfter.toSeconds()),
        status,
        code,
        temporary,
        retryAfter,
        null);
  }

  /** The request and the answer, in one line. */
  @Override
  public String toString() {
    String text = request + " answered " + status;
    if (code != null && code.matches("[A-Z_]{1,64}")) {
      text += " " + code;
    }
    return message == null || message.isBlank()
        ? text
        : text + " " + Escapes.quote(Urls.redactedIn(message));
  }
}

package io.daxconv.oci.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value in a JSON document that somebody else wrote, and where it stands, so that every complaint
 * about it says so. Documents may not repeat a field (two readers could understand them
 * differently) nor nest more than 64 deep.
 *
 * @param what how complaints name the document
 * @param path where in it, such as {@code layers[2].size}; empty for the whole
 * @param node the value; a {@link MissingNode} where there is none
 */
public record JsonValue(String what, String path, JsonNode node) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // A config is kept as it is: no number in it may become another one.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /**
   * Reads a whole document. A complaint quotes nothing from it, for it may hold secrets.
   *
   * @param what how complaints name it
   */
  public static JsonValue parse(String what, byte[] bytes) throws SourceException {
    try {
      JsonNode node = MAPPER.readTree(bytes);
      if (node == null || node.isMissingNode()) {
        throw new SourceException(what + ": expected JSON, found nothing");
      }
      return new JsonValue(what, "", node);
    } catch (JsonProcessingException e) {
      throw new SourceException(what + ": not valid JSON: " + reason(e));
    } catch (NumberFormatException e) {
      // Jackson throws this, and no error of its own, for an exponent beyond 32 bits.
      throw new SourceException(what + ": not valid JSON: a number has too large an exponent");
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      // Undecodable text: the parser reads from memory, so nothing else can fail.
      throw new SourceException(what + ": not valid JSON: not UTF-8");
    }
  }

  private static String reason(JsonProcessingException e) {
    String kind =
        switch (e) {
          case JsonEOFException eof -> "it ends too early";
          case StreamConstraintsException limit -> "it nests too deep, or a value is too long";
          default ->
              String.valueOf(e.getOriginalMessage()).startsWith("Duplicate")
                  ? "a field occurs twice"
                  : "a syntax error";
        };
    return e.getLocation() == null
        ? kind
        : "%s at line %d, column %d"
            .formatted(kind, e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  /** The field of this object; a missing value if there is none or this is no object. */
  public JsonValue get(String field) {
    return new JsonValue(what, path.isEmpty() ? field : path + "." + field, node.path(field));
  }

  /** The field of a name that is not ours. */
  public JsonValue member(String name) {
    return new JsonValue(what, path + "[" + Escapes.quote(name) + "]", node.path(name));
  }

  private String where() {
    return path.isEmpty() ? what : what + ": " + path;
  }

  /** Whether there is a value other than {@code null}. */
  public boolean present() {
    return !node.isMissingNode() && !node.isNull();
  }

  /** The string here. */
  public String text() throws SourceException {
    if (!node.isTextual()) {
      throw expected("a string");
    }
    return node.textValue();
  }

  /** The string here, or null if there is no value. */
  public @Nullable String optionalText() throws SourceException {
    return present() ? text() : null;
  }

  /** The digest here. */
  public Digest digest() throws SourceException {
    try {
      return Digest.parse(text());
    } catch (SourceException e) {
      throw node.isTextual() ? new SourceException(where() + ": " + e.getMessage()) : e;
    }
  }

  /** The number of bytes here. */
  public long size() throws SourceException {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw expected("a number of bytes");
    }
    return node.longValue();
  }

  /** The elements of the array here; none if there is no value. */
  public List<JsonValue> elements() throws SourceException {
    if (!present()) {
      return List.of();
    }
    if (!node.isArray()) {
      throw expected("an array");
    }
    List<JsonValue> elements = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      elements.add(new JsonValue(what, path + "[" + elements.size() + "]", element));
    }
    return elements;
  }

  /** This value, which must be an object. */
  public JsonValue object() throws SourceException {
    if (!node.isObject()) {
      throw expected("an object");
    }
    return this;
  }

  private SourceException expected(String kind) {
    String found =
        node.isMissingNode()
            ? "nothing"
            : node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    return new SourceException(where() + ": expected " + kind + ", found " + found);
  }
}

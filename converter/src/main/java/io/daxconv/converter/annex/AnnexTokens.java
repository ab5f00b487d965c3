package io.daxconv.converter.annex;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.format.SegmentStream;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tokens of an annex, each taken as what it must be; anything else says where it stands. */
final class AnnexTokens {
  static final long U32 = 0xffff_ffffL;

  private static final Pattern PERMISSIONS = Pattern.compile("[0-7]{4}");

  private final String where;
  private final JsonParser parser;

  AnnexTokens(String where, JsonParser parser) {
    this.where = where;
    this.parser = parser;
  }

  /** Reads what one element of an array holds. */
  @FunctionalInterface
  interface Element {
    void read() throws IOException;
  }

  void next() throws IOException {
    parser.nextToken();
  }

  /** The value of the current key, or the current token, is an object, which is entered. */
  void startObject() throws IOException {
    value();
    expect(JsonToken.START_OBJECT, "an object");
  }

  /** Goes on to the next key of the current object; false, and out of it, after the last. */
  boolean nextKey() throws IOException {
    return parser.nextToken() == JsonToken.FIELD_NAME;
  }

  String key() throws IOException {
    return parser.currentName();
  }

  String text() throws IOException {
    value();
    expect(JsonToken.VALUE_STRING, "a string");
    return parser.getText();
  }

  /** Text that is escaped already, so that it can be shown as it is. */
  String escaped() throws IOException {
    return requireEscaped(text());
  }

  String escapedKey() throws IOException {
    return requireEscaped(key());
  }

  private String requireEscaped(String text) throws CorruptImageException {
    if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw unexpected("printable ASCII without spaces", Escapes.quote(text));
    }
    return text;
  }

  /** The current string. */
  String current() throws IOException {
    return parser.getText();
  }

  long number(long most) throws IOException {
    value();
    expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
    JsonParser.NumberType type = parser.getNumberType();
    boolean small = type == JsonParser.NumberType.INT || type == JsonParser.NumberType.LONG;
    if (!small || parser.getLongValue() < 0 || parser.getLongValue() > most) {
      throw unexpected("a number from 0 to " + most, Escapes.quote(parser.getText()));
    }
    return parser.getLongValue();
  }

  int permissions() throws IOException {
    String text = text();
    if (!PERMISSIONS.matcher(text).matches()) {
      throw unexpected("four octal digits", Escapes.quote(text));
    }
    return Integer.parseInt(text, 8);
  }

  byte[] binary() throws IOException {
    text();
    return parser.getBinaryValue();
  }

  void skip() throws IOException {
    value();
    parser.skipChildren();
  }

  void eachObject(Element element) throws IOException {
    each(JsonToken.START_OBJECT, "an object", element);
  }

  void eachText(Element element) throws IOException {
    each(JsonToken.VALUE_STRING, "a string", element);
  }

  private void each(JsonToken kind, String expected, Element element) throws IOException {
    value();
    expect(JsonToken.START_ARRAY, "an array");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(kind, expected);
      element.read();
    }
  }

  /** The object that is the value of the current key, as a tree. */
  JsonNode tree(MemorySegment bytes, long longest) throws IOException {
    startObject();
    long start = parser.currentTokenLocation().getByteOffset();
    // Only when its length is known is a tree built of it.
    parser.skipChildren();
    long length = parser.currentLocation().getByteOffset() - start;
    if (length > longest) {
      throw unexpected("at most " + longest + " bytes", Long.toString(length));
    }
    try {
      return AnnexJson.MAPPER.readTree(new SegmentStream(bytes.asSlice(start, length)));
    } catch (NumberFormatException e) {
      // Jackson throws this, and no error of its own, for an exponent beyond 32 bits.
      throw unexpected("numbers that can be held", "one whose exponent is too large");
    }
  }

  /** Nothing follows. */
  void end() throws IOException {
    if (parser.nextToken() != null) {
      throw unexpected("nothing after the object", shown(parser.currentToken()));
    }
  }

  void require(boolean there, String key) throws CorruptImageException {
    if (!there) {
      throw unexpected("the key \"" + key + "\"", "none");
    }
  }

  void requireAtMost(int most, int count) throws CorruptImageException {
    if (count > most) {
      throw unexpected("at most " + most, "more");
    }
  }

  String required(@Nullable String value, String key) throws CorruptImageException {
    if (value == null) {
      throw unexpected("the key \"" + key + "\"", "none");
    }
    return value;
  }

  private void value() throws IOException {
    if (parser.currentToken() == JsonToken.FIELD_NAME) {
      parser.nextToken();
    }
  }

  private void expect(JsonToken kind, String expected) throws CorruptImageException {
    if (parser.currentToken() != kind) {
      throw unexpected(expected, shown(parser.currentToken()));
    }
  }

  CorruptImageException unexpected(String expected, String found) {
    return new CorruptImageException(
        "%s: byte %d, %s: expected %s, found %s"
            .formatted(
                where,
                Math.max(0, parser.currentTokenLocation().getByteOffset()),
                Escapes.quote(parser.getParsingContext().pathAsPointer().toString()),
                expected,
                found));
  }

  private static String shown(@Nullable JsonToken token) {
    return switch (token) {
      case null -> "the end";
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      case VALUE_NULL -> "null";
      default -> "no value";
    };
  }
}

package io.daxconv.converter.mount.format;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/** Small pieces of JSON inside other formats. */
final class Json {
  private Json() {}

  static String array(List<String> values) {
    ArrayNode array = new ObjectMapper().createArrayNode();
    values.forEach(array::add);
    return array.toString();
  }

  /** A string in double quotes, on one line. */
  static String string(String value) {
    return TextNode.valueOf(value).toString();
  }
}

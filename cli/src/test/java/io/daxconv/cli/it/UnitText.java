package io.daxconv.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A systemd unit as systemd reads it, as far as tests need: no sections, specifiers only as {@code
 * %%}.
 *
 * @param lines without comments
 */
record UnitText(List<String> lines) {
  static UnitText read(Path file) throws IOException {
    return new UnitText(
        Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).toList());
  }

  /** The values of a key that may be there several times, as they stand there. */
  List<String> values(String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .toList();
  }

  /** The value of a key, specifiers read. */
  String value(String key) {
    return key.equals("Exec") ? values(key).getFirst() : values(key).getFirst().replace("%%", "%");
  }

  /** What systemd gives to mount(8). */
  List<String> mountArguments() {
    return List.of(value("What"), value("Where"), "-t", value("Type"), "-o", value("Options"));
  }

  /** The words of a command line: quotes, C escapes, doubled {@code %} and {@code $}. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
        begun = true;
      } else if (c == ' ' && !quoted) {
        if (begun) {
          words.add(word.toString());
          word.setLength(0);
          begun = false;
        }
      } else if (c == '\\') {
        char escaped = text.charAt(++i);
        word.append(escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped);
        begun = true;
      } else {
        if (c == '%' || c == '$') {
          i++; // it is doubled
        }
        word.append(c);
        begun = true;
      }
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }
}

package io.daxconv.cli.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the body of a request or an answer (RFC 9112).
 *
 * @param first the first line
 * @param headers the others, as they came
 */
record HttpHead(String first, List<String> headers) {
  private static final int LONGEST = 1 << 16;

  /** Reads one; null at the end of the stream. */
  static @Nullable HttpHead read(InputStream in) throws IOException {
    String first = line(in);
    if (!first.contains("HTTP/")) {
      return null;
    }
    List<String> headers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      headers.add(line);
    }
    return new HttpHead(first, headers);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n' && line.length() < LONGEST; c = in.read()) {
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /** Of a request; of an answer its status. */
  String path() {
    return first.split(" ", 3)[1];
  }

  /** A header's value; null if it is not there. */
  @Nullable String header(String name) {
    for (String header : headers) {
      if (header.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
        return header.substring(name.length() + 1).strip();
      }
    }
    return null;
  }

  /** With another value for a header, or without it. */
  HttpHead with(String name, @Nullable String value) {
    List<String> changed = new ArrayList<>(headers);
    changed.removeIf(header -> header.regionMatches(true, 0, name + ":", 0, name.length() + 1));
    if (value != null) {
      changed.add(name + ": " + value);
    }
    return new HttpHead(first, changed);
  }

  /** The request as HTTP/1.0, which has no chunks. */
  byte[] forwarded() {
    return new HttpHead(first.replace("HTTP/1.1", "HTTP/1.0"), headers)
        .with("Connection", "close")
        .bytes();
  }

  /** As it goes over the wire. */
  byte[] bytes() {
    StringBuilder text = new StringBuilder(first).append("\r\n");
    headers.forEach(header -> text.append(header).append("\r\n"));
    return text.append("\r\n").toString().getBytes(ISO_8859_1);
  }
}

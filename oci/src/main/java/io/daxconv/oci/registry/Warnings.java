package io.daxconv.oci.registry;

import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.SourceListener;
import java.net.http.HttpHeaders;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What registries say in {@code Warning} headers, each once. Only code 299 with the agent {@code -}
 * is for the user (distribution-spec, "Warnings").
 */
final class Warnings {
  private static final Pattern WARNING = Pattern.compile("299 - \"((?:[^\"\\\\]|\\\\.){1,4096})\"");

  /** A registry that never stops is not listened to for ever. */
  private static final int MOST = 100;

  private final SourceListener listener;
  private final Set<String> shown = new HashSet<>();

  Warnings(SourceListener listener) {
    this.listener = listener;
  }

  void show(String registry, HttpHeaders headers) {
    for (String header : headers.allValues("Warning")) {
      Matcher warning = WARNING.matcher(header);
      while (warning.find()) {
        String text = warning.group(1).replaceAll("\\\\(.)", "$1");
        show("registry " + Escapes.quote(registry) + " warns: " + Escapes.quote(text));
      }
    }
  }

  private void show(String line) {
    synchronized (shown) {
      if (shown.size() == MOST || !shown.add(line)) {
        return;
      }
    }
    listener.warned(line);
  }
}

package io.daxconv.oci.layout;

import io.daxconv.converter.text.Escapes;
import java.nio.charset.StandardCharsets;

/** How messages name a source that a user typed. */
public final class Labels {
  private Labels() {}

  /** The name, safe for a terminal; spaces and everything but printable ASCII are escaped. */
  public static String of(String name) {
    return Escapes.escape(name.getBytes(StandardCharsets.UTF_8));
  }
}

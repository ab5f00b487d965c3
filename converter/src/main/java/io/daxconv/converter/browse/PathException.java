package io.daxconv.converter.browse;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.text.Escapes;

/** A path that leads to nothing in an image, or not to what was asked for. */
public final class PathException extends DaxconvException {
  /**
   * A path that cannot be used.
   *
   * @param image how messages name the image
   * @param path the path
   * @param expected what it should lead to
   * @param found what it leads to
   */
  public PathException(String image, byte[] path, String expected, String found) {
    super("%s: %s: expected %s, found %s".formatted(image, Escapes.escape(path), expected, found));
  }
}

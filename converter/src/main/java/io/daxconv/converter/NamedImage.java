package io.daxconv.converter;

import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * One of the images that are packed into a file.
 *
 * @param name its directory, and what it is chosen by: letters, digits, {@code .}, {@code _} and
 *     {@code -}, at most 64, the first a letter or digit
 * @param opening finds it; opened when it is its turn, and closed afterwards
 */
public record NamedImage(String name, Opening opening) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  public NamedImage {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name: expected letters, digits, '.', '_' and '-', at most 64, found "
              + Escapes.quote(name));
    }
  }

  /** Opens an image. */
  @FunctionalInterface
  public interface Opening {
    SourceImage open() throws IOException;
  }
}

package io.daxconv.converter;

import io.daxconv.converter.text.Escapes;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file or directory of the host that is put into an image. Owner and group become 0, times
 * 1970-01-01, and xattrs are left behind, so that the same contents give the same image on any
 * machine; permissions are the host's or those given here.
 *
 * @param source a file, or a directory with all that is in it; a symlink is followed
 * @param path its own path in the image, absolute; a directory that is there already is not
 *     replaced but added to
 * @param permissions of the file, or of the directory itself; {@link #AS_IT_IS} for the host's
 */
public record AddedFile(Path source, String path, int permissions) {
  public static final int AS_IT_IS = -1;

  private static final Pattern TEXT = Pattern.compile("(?s)(.+?):(/[^:]*)(?::([0-7]{3,4}))?");

  /**
   * Reads {@code SRC:DEST[:MODE]}. SRC may have colons in it, DEST may not.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static AddedFile parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches() || !isPath(parts.group(2))) {
      throw new IllegalArgumentException(
          "add: expected SRC:DEST[:MODE] with an absolute DEST without .. and three or four octal"
              + " digits, found "
              + Escapes.quote(text));
    }
    String mode = parts.group(3);
    return new AddedFile(
        Path.of(parts.group(1)),
        parts.group(2),
        mode == null ? AS_IT_IS : Integer.parseInt(mode, 8));
  }

  private static boolean isPath(String path) {
    return !("/" + path + "/").contains("/../");
  }
}

package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.MappedFile;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A tree as lines of text, one a path in the order of the paths' bytes, with eight fields between
 * tabs: path, type ({@code f}, {@code d}, {@code l}), permissions in four octal digits, uid, gid,
 * size ({@code -} but for files), content (SHA-256 of a file, target of a symlink, {@code -} for a
 * directory), and of a file with several names the first of them, else {@code -}. Paths and targets
 * are escaped.
 */
public final class Listing {
  private Listing() {}

  /**
   * Lists an image.
   *
   * @param out gets the lines, each ended by a newline
   * @throws IOException if the image cannot be followed or the output fails
   */
  public static void list(DaxfsImage image, Appendable out) throws IOException {
    MappedFile.whileMapped(
        image.name(),
        () -> {
          TreeEntries entries = new TreeEntries(new ImageContents(image));
          for (TreeEntry entry = entries.next(); entry != null; entry = entries.next()) {
            out.append(line(entry)).append('\n');
          }
          return out;
        });
  }

  /**
   * Lists the EROFS view of an image: also devices, FIFOs and sockets (types {@code c}, {@code b},
   * {@code p}, {@code s}, as content the major and minor number of a device), and two more fields,
   * the time of modification in nanoseconds since 1970 and the xattrs as {@code name=hex} with
   * commas between them, sorted, {@code -} for none.
   *
   * @param out gets the lines, each ended by a newline
   * @throws IOException if the view cannot be followed or the output fails
   */
  public static void listFull(ErofsView view, Appendable out) throws IOException {
    MappedFile.whileMapped(
        view.name(),
        () -> {
          FullListing lines = new FullListing(view);
          for (String line = lines.next(); line != null; line = lines.next()) {
            out.append(line).append('\n');
          }
          return out;
        });
  }

  /**
   * The line of one path.
   *
   * @throws CorruptImageException if a file's bytes cannot be read
   */
  public static String line(TreeEntry entry) throws CorruptImageException {
    return String.join(
        "\t",
        Escapes.escape(entry.path()),
        type(entry.content()),
        String.format(Locale.ROOT, "%04o", entry.permissions()),
        Long.toString(entry.uid()),
        Long.toString(entry.gid()),
        size(entry.content()),
        content(entry.content()),
        links(entry.content()));
  }

  /** The letter of a type. */
  static String type(TreeEntry.Content content) {
    return switch (content) {
      case TreeEntry.Directory() -> "d";
      case TreeEntry.Regular regular -> "f";
      case TreeEntry.Symlink symlink -> "l";
    };
  }

  private static String size(TreeEntry.Content content) {
    return content instanceof TreeEntry.Regular(long size, _, _) ? Long.toString(size) : "-";
  }

  private static String content(TreeEntry.Content content) throws CorruptImageException {
    return switch (content) {
      case TreeEntry.Directory() -> "-";
      case TreeEntry.Regular(_, var bytes, _) -> bytes.sha256().hex();
      case TreeEntry.Symlink(byte[] target) -> Escapes.escape(target);
    };
  }

  private static String links(TreeEntry.Content content) {
    return content instanceof TreeEntry.Regular regular ? path(regular.firstLink()) : "-";
  }

  /** A path of a listing, or {@code -} for none. */
  static String path(byte @Nullable [] path) {
    return path == null ? "-" : Escapes.escape(path);
  }
}

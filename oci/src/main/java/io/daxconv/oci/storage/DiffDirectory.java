package io.daxconv.oci.storage;

import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a layer's files are on disk. Names are bytes and are opened as such, whatever the locale;
 * none leads out of the directory, by dots or by symlinks.
 */
final class DiffDirectory {
  private final Path root;

  /** The directory of the last file, which was found to be below the root. */
  private @Nullable Path known;

  DiffDirectory(Path root) {
    this.root = root;
  }

  /** Opens a regular file. */
  InputStream open(byte[] name) throws IOException {
    Path path = root;
    for (String part : new String(name, StandardCharsets.ISO_8859_1).split("/", -1)) {
      if (part.equals("..") || part.indexOf('\0') >= 0) {
        throw new SourceException(where(name) + ": expected a name below the layer's directory");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        path = child(path, part);
      }
    }
    checkParents(path, name);
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new SourceException(
          where(name)
              + ": expected a file, found "
              + (Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? "something else" : "nothing"));
    }
    try {
      return Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new SourceException(where(name) + ": cannot be read: " + FailureReason.of(e), e);
    }
  }

  private static String where(byte[] name) {
    return "containers-storage: " + Escapes.escape(name);
  }

  private void checkParents(Path path, byte[] name) throws SourceException {
    Path parent = path.getParent();
    if (parent == null || parent.equals(known)) {
      return;
    }
    for (Path each = parent; each != null && !each.equals(root); each = each.getParent()) {
      if (!Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
        throw new SourceException(where(name) + ": expected directories above, found another");
      }
    }
    known = parent;
  }

  /** A path whose last name is these bytes: in a URI they can be given as they are. */
  private static Path child(Path directory, String name) {
    StringBuilder uri = new StringBuilder(directory.toUri().toString());
    if (uri.charAt(uri.length() - 1) != '/') {
      uri.append('/');
    }
    for (int i = 0; i < name.length(); i++) {
      uri.append('%').append(String.format(Locale.ROOT, "%02x", (int) name.charAt(i)));
    }
    return Path.of(URI.create(uri.toString()));
  }
}

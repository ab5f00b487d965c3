package io.daxconv.cli.it.differential;

import io.daxconv.converter.testing.TarEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a layer.
 *
 * @param entry as it stands in the tar
 * @param type its type
 * @param path where it goes, symlinks not followed: names with slashes between, none for the root
 * @param link the target of a symlink as it is, of a hard link as {@code path}
 * @param shown a line for people
 */
public record Step(TarEntry entry, char type, String path, String link, String shown) {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  /** The same with more to show. */
  Step showing(String more) {
    return new Step(entry, type, path, link, shown + more);
  }

  boolean isWhiteout() {
    return name().startsWith(WHITEOUT);
  }

  boolean isOpaque() {
    return name().equals(OPAQUE);
  }

  /** What a whiteout hides. */
  String hidden() {
    return path.substring(0, path.length() - name().length()) + name().substring(WHITEOUT.length());
  }

  private String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The path that a symlink's target says, symlinks on the way not followed. */
  String leadsTo() {
    return leadsTo(link);
  }

  /** The same of another target. */
  String leadsTo(String target) {
    return plain(target.startsWith("/") ? target : parent() + "/" + target);
  }

  /** The directory it stands in; the root's is the root. */
  String parent() {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** Each directory on the way to a path, the nearest to the root first, the path itself last. */
  static List<String> prefixes(String path) {
    List<String> prefixes = new ArrayList<>();
    for (int i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) {
      prefixes.add(path.substring(0, i));
    }
    if (!path.isEmpty()) {
      prefixes.add(path);
    }
    return prefixes;
  }

  /** A path without what means nothing in it. */
  static String plain(String spelled) {
    List<String> names = new ArrayList<>();
    for (String name : spelled.split("/", -1)) {
      if (name.equals("..") && !names.isEmpty()) {
        names.removeLast();
      } else if (!name.isEmpty() && !name.equals(".") && !name.equals("..")) {
        names.add(name);
      }
    }
    return String.join("/", names);
  }
}

package io.daxconv.converter.tree;

import io.daxconv.converter.text.Escapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a path of a layer reads: leading, doubled and trailing slashes and {@code .} mean nothing,
 * {@code a/../b} is {@code b}, and what leaves the root is an error.
 */
final class LayerPath {
  /** Linux's NAME_MAX, and the room a DAXFS directory entry has. */
  static final int MAX_NAME = 255;

  /** Linux's PATH_MAX without its NUL: no system call could name a longer path. */
  static final int MAX_PATH = 4095;

  private static final byte[] WHITEOUT = {'.', 'w', 'h', '.'};

  private LayerPath() {}

  /** The components of a path, none for the root. */
  static List<Name> parse(byte[] path) throws FlattenException {
    List<Name> names = new ArrayList<>(8);
    int from = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        add(path, from, i, names);
        from = i + 1;
      }
    }
    for (int i = 0; i < names.size(); i++) {
      checkLength(names.get(i), i == names.size() - 1);
    }
    checkLength(names, path);
    return names;
  }

  private static void add(byte[] path, int from, int to, List<Name> names) throws FlattenException {
    int length = to - from;
    if (length == 0 || (length == 1 && path[from] == '.')) {
      return;
    }
    if (length == 2 && path[from] == '.' && path[from + 1] == '.') {
      if (names.isEmpty()) {
        throw new FlattenException(
            "path "
                + Escapes.escape(path)
                + ": expected it to stay below the root, but it leaves it");
      }
      names.removeLast();
      return;
    }
    names.add(name(path, from, to));
  }

  private static Name name(byte[] path, int from, int to) throws FlattenException {
    Name name = new Name(Arrays.copyOfRange(path, from, to));
    for (byte b : name.bytes()) {
      if (b == 0) {
        throw new FlattenException(
            "path " + Escapes.escape(path) + ": expected no NUL in a name, found one");
      }
    }
    return name;
  }

  private static void checkLength(Name name, boolean last) throws FlattenException {
    // A whiteout's name is longer than what it hides, and is never a name in the image.
    int room = last && isWhiteout(name) ? MAX_NAME + WHITEOUT.length : MAX_NAME;
    if (name.length() > room) {
      throw new FlattenException(
          "name too long: expected at most "
              + MAX_NAME
              + " bytes, found "
              + name.length()
              + ": "
              + shortened(name.bytes()));
    }
  }

  static void checkLength(List<Name> names, byte[] path) throws FlattenException {
    long length = 0;
    for (Name name : names) {
      length += 1 + name.length();
    }
    if (length > MAX_PATH) {
      throw new FlattenException(
          "path too long: expected at most "
              + MAX_PATH
              + " bytes, found "
              + length
              + ": "
              + shortened(path));
    }
  }

  static boolean isWhiteout(Name name) {
    byte[] bytes = name.bytes();
    return bytes.length >= WHITEOUT.length
        && Arrays.equals(bytes, 0, WHITEOUT.length, WHITEOUT, 0, WHITEOUT.length);
  }

  /** What a whiteout hides. */
  static Name hidden(Name whiteout) {
    return new Name(Arrays.copyOfRange(whiteout.bytes(), WHITEOUT.length, whiteout.bytes().length));
  }

  /** A path as messages show it. */
  static String show(List<Name> names) {
    if (names.isEmpty()) {
      return "/";
    }
    StringBuilder text = new StringBuilder();
    for (Name name : names) {
      text.append('/').append(name);
    }
    return text.toString();
  }

  private static String shortened(byte[] bytes) {
    return Escapes.escape(Arrays.copyOf(bytes, Math.min(bytes.length, 60)))
        + (bytes.length > 60 ? "…" : "");
  }
}

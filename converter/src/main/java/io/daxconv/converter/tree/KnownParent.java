package io.daxconv.converter.tree;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the path of an entry's parent led. The next entry most often has the same parent, and then
 * need not go through the rules again; it must if any symlink was made or anything was replaced in
 * between.
 *
 * @param path the entry's path
 * @param end bytes of it up to its last component
 * @param names where the parent's path led
 * @param length bytes of that
 * @param directory what is there
 */
@SuppressWarnings("ArrayRecordComponent")
record KnownParent(byte[] path, int end, List<Name> names, int length, Directory directory) {

  /** The parent of an entry; null for a path that ends with a slash. */
  static @Nullable KnownParent of(byte[] path, List<Name> names, Directory directory) {
    int end = path.length;
    while (end > 0 && path[end - 1] != '/') {
      end--;
    }
    if (end == path.length) {
      return null;
    }
    int length = 0;
    for (Name name : names) {
      length += 1 + name.length();
    }
    return new KnownParent(path, end, names, length, directory);
  }

  /**
   * The last component of another path, if all before it is the same and no rule is about it.
   *
   * @return null if the rules have to be asked
   */
  @Nullable Name last(byte[] other) {
    int nameLength = other.length - end;
    if (nameLength < 1
        || nameLength > LayerPath.MAX_NAME
        || other.length >= LayerPath.MAX_PATH
        || length + 1 + nameLength > LayerPath.MAX_PATH
        || !Arrays.equals(path, 0, end, other, 0, end)
        || !isPlain(other, end)) {
      return null;
    }
    return new Name(Arrays.copyOfRange(other, end, other.length));
  }

  /** Whether what starts there is one component, neither a dot, dots nor a whiteout. */
  private static boolean isPlain(byte[] path, int from) {
    if (path[from] == '.') {
      return false;
    }
    for (int i = from; i < path.length; i++) {
      if (path[i] == '/' || path[i] == 0) {
        return false;
      }
    }
    return true;
  }
}

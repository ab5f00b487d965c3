package io.daxconv.converter.browse;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Compares two trees path by path; neither is held in memory. */
public final class TreeDifference {
  private TreeDifference() {}

  /** A tree whose paths come in the order of their names, the root first. */
  public interface Side {
    /**
     * The next path, or null after the last.
     *
     * @throws IOException if the tree cannot be read
     */
    @Nullable FileFacts next() throws IOException;
  }

  /** What can be different of a path that both trees have. */
  public enum Aspect {
    TYPE,
    CONTENT,
    TARGET,
    DEVICE,
    MODE,
    OWNER,
    TIME,
    XATTRS,
    LINKS
  }

  /** Hears what is different. */
  public interface Listener {
    /** A path that only the second tree has. */
    void added(FileFacts file) throws IOException;

    /** A path that only the first tree has. */
    void removed(FileFacts file) throws IOException;

    /** A path that is not the same in both. */
    void changed(FileFacts before, FileFacts after, Set<Aspect> aspects) throws IOException;
  }

  /**
   * Compares all of two trees.
   *
   * @throws IOException if one of them cannot be read
   */
  public static void compare(Side before, Side after, Listener listener) throws IOException {
    FileFacts old = before.next();
    FileFacts now = after.next();
    while (old != null || now != null) {
      int order = old == null ? 1 : now == null ? -1 : order(old.path(), now.path());
      if (old != null && order < 0) {
        listener.removed(old);
        old = before.next();
      } else if (now != null && order > 0) {
        listener.added(now);
        now = after.next();
      } else if (old != null && now != null) {
        Set<Aspect> aspects = aspects(old, now);
        if (!aspects.isEmpty()) {
          listener.changed(old, now, aspects);
        }
        old = before.next();
        now = after.next();
      }
    }
  }

  /** The order of paths name by name: a slash comes before every other byte. */
  public static int order(byte[] a, byte[] b) {
    int at = Arrays.mismatch(a, b);
    if (at < 0) {
      return 0;
    }
    int left = at < a.length ? (a[at] == '/' ? 0 : a[at] & 0xff) : -1;
    int right = at < b.length ? (b[at] == '/' ? 0 : b[at] & 0xff) : -1;
    return Integer.compare(left, right);
  }

  private static Set<Aspect> aspects(FileFacts a, FileFacts b) throws IOException {
    if (a.kind() != b.kind()) {
      return EnumSet.of(Aspect.TYPE);
    }
    Set<Aspect> aspects = EnumSet.noneOf(Aspect.class);
    add(
        aspects,
        Aspect.CONTENT,
        a.size() != b.size()
            || (a.kind() == FileKind.REGULAR
                && !a.content().sha256().equals(b.content().sha256())));
    add(aspects, Aspect.TARGET, !Arrays.equals(a.target(), b.target()));
    add(aspects, Aspect.DEVICE, a.major() != b.major() || a.minor() != b.minor());
    add(aspects, Aspect.MODE, a.permissions() != b.permissions());
    add(aspects, Aspect.OWNER, a.uid() != b.uid() || a.gid() != b.gid());
    add(
        aspects,
        Aspect.TIME,
        a.mtime() != null && b.mtime() != null && a.mtime().compareTo(b.mtime()) != 0);
    add(aspects, Aspect.XATTRS, !sameXattrs(a.xattrs(), b.xattrs()));
    add(aspects, Aspect.LINKS, !Arrays.equals(a.firstName(), b.firstName()));
    return aspects;
  }

  private static void add(Set<Aspect> aspects, Aspect aspect, boolean differs) {
    if (differs) {
      aspects.add(aspect);
    }
  }

  private static boolean sameXattrs(
      @Nullable SortedMap<String, byte[]> a, @Nullable SortedMap<String, byte[]> b) {
    if (a == null || b == null) {
      return true;
    }
    return a.keySet().equals(b.keySet())
        && a.entrySet().stream()
            .allMatch(xattr -> Arrays.equals(xattr.getValue(), b.get(xattr.getKey())));
  }
}

package io.daxconv.converter.layer;

import io.daxconv.converter.text.Escapes;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Extended attributes of one file: values are bytes, and names are bytes too, kept in the escaped
 * form of {@link Escapes} so that they can be keys.
 *
 * @param byName values by escaped name, such as {@code security.capability}
 */
public record Xattrs(SortedMap<String, byte[]> byName) {
  /** More than Linux could list: the names of a file's xattrs have 64 KiB (xattr(7)). */
  public static final int MAX_COUNT = 10_000;

  public static final Xattrs NONE = new Xattrs(Collections.emptySortedMap());

  /** These attributes; {@link #NONE} if there are none, so that plain files share one object. */
  public static Xattrs of(SortedMap<String, byte[]> byName) {
    return byName.isEmpty()
        ? NONE
        : new Xattrs(Collections.unmodifiableSortedMap(new TreeMap<>(byName)));
  }

  public boolean isEmpty() {
    return byName.isEmpty();
  }

  /** Whether the names and the values' bytes are the same. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Xattrs xattrs) || xattrs.byName.size() != byName.size()) {
      return false;
    }
    for (Map.Entry<String, byte[]> xattr : byName.entrySet()) {
      byte[] value = xattrs.byName.get(xattr.getKey());
      if (value == null || !Arrays.equals(value, xattr.getValue())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (Map.Entry<String, byte[]> xattr : byName.entrySet()) {
      hash = 31 * hash + (xattr.getKey().hashCode() ^ Arrays.hashCode(xattr.getValue()));
    }
    return hash;
  }
}

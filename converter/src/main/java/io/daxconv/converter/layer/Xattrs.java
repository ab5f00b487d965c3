package io.daxconv.converter.layer;

import io.daxconv.converter.text.Escapes;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

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
}

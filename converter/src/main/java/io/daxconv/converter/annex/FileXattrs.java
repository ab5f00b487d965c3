package io.daxconv.converter.annex;

import java.util.Collections;
import java.util.SortedMap;

/**
 * The xattrs of one file that the DAXFS tree cannot hold.
 *
 * @param path the path, escaped, starting with {@code /}; of a file with several names the first
 * @param xattrs values by name; names are escaped, values are bytes; not to be changed afterwards
 */
public record FileXattrs(String path, SortedMap<String, byte[]> xattrs) {
  public FileXattrs {
    // Not a copy: a million files may share one map.
    xattrs = Collections.unmodifiableSortedMap(xattrs);
  }
}

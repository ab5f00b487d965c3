package io.daxconv.converter.annex;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The xattrs of one file that the DAXFS tree cannot hold.
 *
 * @param path the path, escaped, starting with {@code /}; of a file with several names the first
 * @param xattrs values by name; names are escaped, values are bytes
 */
public record FileXattrs(String path, SortedMap<String, byte[]> xattrs) {
  public FileXattrs {
    xattrs = new TreeMap<>(xattrs);
  }
}

package io.daxconv.converter.erofs;

import io.daxconv.converter.daxfs.SuperblockRules.Listener;
import io.daxconv.converter.text.Escapes;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what stands behind an inode, with the rules of fs/erofs/xattr.c. */
final class XattrReader {
  private XattrReader() {}

  static <E extends Exception> @Nullable SortedMap<String, byte[]> read(
      MemorySegment image, PlacedInode placed, Listener<E> listener) throws E {
    if (placed.inode().xattrCount() == 0) {
      return Collections.emptySortedMap();
    }
    long at = placed.xattrsAt();
    int shared = ErofsXattrs.sharedCount(image, at);
    if (shared != 0) {
      String found = Integer.toString(shared);
      listener.broken("erofs-xattr-shared", placed.place(), "no shared xattrs", found);
      return null;
    }
    if (placed.inode().xattrCount() == 1) {
      // The kernel does not know what to make of that and refuses.
      listener.broken("erofs-xattr-none", placed.place(), "xattrs behind their header", "none");
      return null;
    }
    return entries(image, at + ErofsXattrs.HEADER_SIZE, placed, listener);
  }

  private static <E extends Exception> @Nullable SortedMap<String, byte[]> entries(
      MemorySegment image, long first, PlacedInode placed, Listener<E> listener) throws E {
    SortedMap<String, byte[]> xattrs = new TreeMap<>();
    for (long at = first; at < placed.end(); ) {
      ErofsXattrs.Entry entry = ErofsXattrs.read(image, at, placed.end());
      if (entry == null) {
        String expected = "an xattr that ends by byte " + placed.end();
        listener.broken("erofs-xattr-size", placed.place(), expected, "a longer one at " + at);
        return null;
      }
      byte[] name = entry.name();
      String found = "prefix %d at byte %d".formatted(entry.nameIndex(), at);
      if (name == null) {
        listener.broken("erofs-xattr-name", placed.place(), "a prefix that is known", found);
      } else if (xattrs.putIfAbsent(Escapes.escape(name), entry.value()) != null) {
        String twice = Escapes.escape(name) + " again";
        listener.broken("erofs-xattr-duplicate", placed.place(), "each xattr once", twice);
      }
      at += entry.bytes();
    }
    return xattrs;
  }
}

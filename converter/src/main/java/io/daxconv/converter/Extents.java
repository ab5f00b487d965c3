package io.daxconv.converter;

import io.daxconv.converter.daxfs.InodeTable;
import io.daxconv.converter.extent.ExtentStore;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.RegularFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The extents that a finished tree refers to.
 *
 * @param fileBytes bytes of all regular files in whole pages, as if nothing were shared
 * @param storedBytes bytes that stand in the image
 */
record Extents(long fileBytes, long storedBytes) {

  /** Drops from the store what nothing refers to, and counts what is left. */
  static Extents settle(InodeTable inodes, ExtentStore store) throws IOException {
    List<RegularFile> files = new ArrayList<>();
    long fileBytes = 0;
    for (Node node : inodes.nodes()) {
      if (node instanceof RegularFile file && file.size() > 0) {
        files.add(file);
        fileBytes += store.pages(file.size());
      }
    }
    files.sort(Comparator.comparingLong(RegularFile::extent));
    long[] offsets = files.stream().mapToLong(RegularFile::extent).distinct().toArray();
    long[] sizes = new long[offsets.length];
    int slot = -1;
    for (RegularFile file : files) {
      if (slot < 0 || file.extent() != offsets[slot]) {
        slot++;
      }
      sizes[slot] = file.size();
    }
    long[] moved = store.compact(offsets, sizes);
    slot = -1;
    long previous = -1;
    for (RegularFile file : files) {
      if (file.extent() != previous) {
        slot++;
        previous = file.extent();
      }
      file.setExtent(moved[slot]);
    }
    long stored = 0;
    for (long size : sizes) {
      stored += store.pages(size);
    }
    return new Extents(fileBytes, stored);
  }
}

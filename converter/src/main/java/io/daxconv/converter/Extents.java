package io.daxconv.converter;

import io.daxconv.converter.daxfs.InodeTable;
import io.daxconv.converter.extent.ExtentStore;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.RegularFile;
import java.io.IOException;
import java.util.Arrays;

/**
 * The extents that a finished tree refers to.
 *
 * @param fileBytes bytes of all regular files in whole pages, as if nothing were shared
 * @param storedBytes bytes that stand in the image
 * @param paddingBytes bytes between them, which nothing refers to
 */
record Extents(long fileBytes, long storedBytes, long paddingBytes) {

  /** Drops from the store what nothing refers to, and counts what is left. */
  static Extents settle(InodeTable inodes, ExtentStore store) throws IOException {
    long fileBytes = 0;
    long[] offsets = new long[inodes.count()];
    int files = 0;
    for (Node node : inodes.nodes()) {
      if (node instanceof RegularFile file && file.size() > 0) {
        offsets[files++] = file.extent();
        fileBytes += store.pages(file.size());
      }
    }
    offsets = distinct(offsets, files);
    long[] sizes = new long[offsets.length];
    for (Node node : inodes.nodes()) {
      if (node instanceof RegularFile file && file.size() > 0) {
        sizes[Arrays.binarySearch(offsets, file.extent())] = file.size();
      }
    }
    long storedBytes = 0;
    for (long size : sizes) {
      storedBytes += store.pages(size);
    }
    long[] moved = store.compact(offsets, sizes);
    if (!Arrays.equals(moved, offsets)) {
      for (Node node : inodes.nodes()) {
        if (node instanceof RegularFile file && file.size() > 0) {
          file.setExtent(moved[Arrays.binarySearch(offsets, file.extent())]);
        }
      }
    }
    return new Extents(fileBytes, storedBytes, store.length() - storedBytes);
  }

  /** The first numbers of an array, ascending and each once; sorts the array. */
  private static long[] distinct(long[] numbers, int count) {
    Arrays.sort(numbers, 0, count);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (kept == 0 || numbers[kept - 1] != numbers[i]) {
        numbers[kept++] = numbers[i];
      }
    }
    return kept == numbers.length ? numbers : Arrays.copyOf(numbers, kept);
  }
}

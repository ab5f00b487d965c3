package io.daxconv.converter.erofs;

import io.daxconv.converter.daxfs.SuperblockRules.Listener;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds one name in a directory: first the block that could have it, then the entry. */
final class ErofsLookup {
  private final MemorySegment image;
  private final ErofsData data;
  private final byte[] name;

  ErofsLookup(MemorySegment image, ErofsData data, byte[] name) {
    this.image = image;
    this.data = data;
    this.name = name;
  }

  <E extends Exception> @Nullable ErofsEntry find(Listener<E> listener) throws E {
    DirentBlock block = null;
    long low = 0;
    long high = data.blockCount() - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      DirentBlock candidate = DirentBlock.of(image, data.block(middle), listener);
      ErofsEntry first = candidate == null ? null : candidate.entry(0, listener);
      if (first == null) {
        return null;
      }
      if (Arrays.compareUnsigned(first.name(), name) <= 0) {
        block = candidate;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return block == null ? null : find(block, listener);
  }

  private <E extends Exception> @Nullable ErofsEntry find(DirentBlock block, Listener<E> listener)
      throws E {
    int low = 0;
    int high = block.count() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      ErofsEntry entry = block.entry(middle, listener);
      int order = entry == null ? 0 : Arrays.compareUnsigned(entry.name(), name);
      if (order == 0) {
        return entry;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }
}

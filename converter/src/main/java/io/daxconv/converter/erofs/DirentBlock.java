package io.daxconv.converter.erofs;

import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.SuperblockRules.Listener;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * One block of a directory, as {@link ErofsDirent} describes it and erofs_fill_dentries
 * (fs/erofs/dir.c) reads it.
 */
final class DirentBlock {
  private static final int LONGEST_NAME = 255;

  private final MemorySegment image;
  private final Extent block;
  private final int count;

  private DirentBlock(MemorySegment image, Extent block, int count) {
    this.image = image;
    this.block = block;
    this.count = count;
  }

  /**
   * A block whose entries, apart from their names, are known to be in it.
   *
   * @return null if a rule is broken and the listener let it pass
   */
  static <E extends Exception> @Nullable DirentBlock of(
      MemorySegment image, Extent block, Listener<E> listener) throws E {
    int names =
        block.size() < ErofsDirent.SIZE ? 0 : ErofsDirent.read(image, block.offset()).nameOffset();
    if (names < ErofsDirent.SIZE || names % ErofsDirent.SIZE != 0 || names >= block.size()) {
      listener.broken(
          "erofs-dirent-name-offset",
          "byte " + block.offset(),
          "a first nameoff that is a multiple of %d, inside the block's %d bytes"
              .formatted(ErofsDirent.SIZE, block.size()),
          Integer.toString(names));
      return null;
    }
    return new DirentBlock(image, block, names / ErofsDirent.SIZE);
  }

  int count() {
    return count;
  }

  /**
   * One of the entries.
   *
   * @return null if a rule is broken and the listener let it pass
   */
  <E extends Exception> @Nullable ErofsEntry entry(int index, Listener<E> listener) throws E {
    long at = block.offset() + (long) index * ErofsDirent.SIZE;
    ErofsDirent dirent = ErofsDirent.read(image, at);
    long from = dirent.nameOffset();
    long to =
        index + 1 < count
            ? ErofsDirent.read(image, at + ErofsDirent.SIZE).nameOffset()
            : endOfLast(from);
    boolean inside = from >= (long) count * ErofsDirent.SIZE && to <= block.size();
    if (!inside || to - from < 1 || to - from > LONGEST_NAME) {
      listener.broken(
          "erofs-dirent-name-offset",
          "byte " + at,
          "a name of 1 to %d bytes from %d to %d of the block"
              .formatted(LONGEST_NAME, count * ErofsDirent.SIZE, block.size()),
          "from " + from + " to " + to);
      return null;
    }
    byte[] name = new byte[(int) (to - from)];
    long nameAt = block.offset() + from;
    MemorySegment.copy(image, ValueLayout.JAVA_BYTE, nameAt, name, 0, name.length);
    return new ErofsEntry(name, nameAt, dirent.nid(), dirent.fileType(), at);
  }

  /** The last name ends at a NUL or the block's end. */
  private long endOfLast(long from) {
    long to = from;
    while (to < block.size() && image.get(ValueLayout.JAVA_BYTE, block.offset() + to) != 0) {
      to++;
    }
    return to;
  }
}

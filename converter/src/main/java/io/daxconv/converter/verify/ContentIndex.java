package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The regular files of an image by their size and first bytes: an open hash table of inode numbers,
 * four to eight bytes a file.
 */
final class ContentIndex {
  /** How many first bytes tell files of one size apart. */
  static final int HEAD = 4096;

  /**
   * How many files with one size and head are tried. More would let an image in which all files
   * begin alike take quadratic time.
   */
  static final int MOST_CANDIDATES = 16;

  private final DaxfsImage image;
  private final int[] numbers;
  private final int mask;

  private ContentIndex(DaxfsImage image, int capacity) {
    this.image = image;
    this.numbers = new int[capacity];
    this.mask = capacity - 1;
  }

  static ContentIndex of(DaxfsImage image) {
    long count = Math.min(image.inodeCount(), 1 << 29);
    int capacity = Integer.highestOneBit((int) Math.max(count, 8)) * 2;
    ContentIndex index = new ContentIndex(image, capacity);
    for (int number = 1; number <= count; number++) {
      MemorySegment bytes = index.contents(number);
      if (bytes != null && bytes.byteSize() > 0) {
        index.add(number, bytes);
      }
    }
    return index;
  }

  private void add(int number, MemorySegment bytes) {
    long size = bytes.byteSize();
    int slot = slot(size, bytes.asSlice(0, Math.min(size, HEAD)).asByteBuffer());
    for (int tried = 0; numbers[slot] != 0; tried++) {
      if (tried > MOST_CANDIDATES * 4) {
        return; // Found by nobody: such a file is compared by its digest.
      }
      slot = (slot + 1) & mask;
    }
    numbers[slot] = number;
  }

  /**
   * Files of a size whose head is this, at most {@link #MOST_CANDIDATES}, none of them twice.
   *
   * @param head the first bytes, {@link #HEAD} of them or all
   */
  MemorySegment[] candidates(long size, ByteBuffer head) {
    MemorySegment[] found = new MemorySegment[MOST_CANDIDATES];
    int count = 0;
    MemorySegment wanted = MemorySegment.ofBuffer(head);
    int slot = slot(size, head.duplicate());
    for (int tried = 0; numbers[slot] != 0 && tried <= MOST_CANDIDATES * 4; tried++) {
      MemorySegment bytes = contents(numbers[slot]);
      if (bytes != null
          && bytes.byteSize() == size
          && bytes.asSlice(0, wanted.byteSize()).mismatch(wanted) < 0
          // Of one size and at one place: the same.
          && !Arrays.asList(found).subList(0, count).contains(bytes)) {
        found[count++] = bytes;
        if (count == MOST_CANDIDATES) {
          break;
        }
      }
      slot = (slot + 1) & mask;
    }
    return Arrays.copyOf(found, count);
  }

  private int slot(long size, ByteBuffer head) {
    CRC32C checksum = new CRC32C();
    checksum.update(head);
    long mixed = (checksum.getValue() ^ size * 0x9E3779B97F4A7C15L) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & mask;
  }

  /** The bytes of an inode; null if it is no regular file or they are not all in the image. */
  private @Nullable MemorySegment contents(int number) {
    try {
      InodeEntry inode = image.inode(number);
      return FileMode.type(inode.mode()) == FileMode.REGULAR ? image.contents(inode) : null;
    } catch (CorruptImageException e) {
      return null; // The image's verifier says so. Nothing is found in what cannot be read.
    }
  }
}

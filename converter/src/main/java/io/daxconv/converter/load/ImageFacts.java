package io.daxconv.converter.load;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.erofs.ErofsSuperblock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * What loading has to know of an image.
 *
 * @param size its bytes
 * @param pageSize of the kernels that mount it as DAXFS
 * @param hasErofs whether it has an EROFS view, and a sound superblock of it
 * @param isSplit whether its data is in another file
 */
record ImageFacts(long size, int pageSize, boolean hasErofs, boolean isSplit) {
  /** Checks the superblocks of a file. */
  static ImageFacts of(Path file) throws IOException {
    try (DaxfsImage image = DaxfsImage.open(file)) {
      return of(image);
    }
  }

  /** Checks the superblocks of an image. */
  static ImageFacts of(DaxfsImage image) throws CorruptImageException {
    Superblock superblock = image.superblock();
    return new ImageFacts(
        image.bytes().byteSize(), superblock.blockSize(), hasErofs(image), image.isSplit());
  }

  private static boolean hasErofs(DaxfsImage image) throws CorruptImageException {
    MemorySegment bytes = image.bytes();
    ErofsSuperblock superblock = ErofsSuperblock.read(bytes);
    if (superblock.magic() != ErofsSuperblock.MAGIC) {
      return false;
    }
    int sum = ErofsSuperblock.checksumOf(bytes);
    if ((superblock.featureCompat() & ErofsSuperblock.CHECKSUM) != 0
        && superblock.checksum() != sum) {
      throw new CorruptImageException(
          "%s: EROFS superblock: expected the checksum 0x%08x, found 0x%08x"
              .formatted(image.name(), sum, superblock.checksum()));
    }
    return true;
  }

  /** What keeps this machine from mounting it as a filesystem; empty if nothing does. */
  String obstacle(Host host, String filesystem) throws IOException {
    String missing = Filesystems.missing(host, filesystem);
    if (!missing.isEmpty()) {
      return missing;
    }
    int page = host.kernel().pageSize();
    if (filesystem.equals(DaxfsMount.TYPE)) {
      if (isSplit) {
        return "an image that has its data in itself (this one is split)";
      }
      return pageSize == page ? "" : pages("an image", page, pageSize);
    }
    if (!hasErofs) {
      return "an EROFS view in the image";
    }
    return page == ErofsSuperblock.BLOCK_SIZE
        ? ""
        : pages("a machine", ErofsSuperblock.BLOCK_SIZE, page);
  }

  private static String pages(String of, int expected, int found) {
    return of + " with pages of " + expected + " bytes (found " + found + ")";
  }
}

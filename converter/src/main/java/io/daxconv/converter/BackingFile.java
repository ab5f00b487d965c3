package io.daxconv.converter;

import io.daxconv.converter.annex.ImageMode;
import io.daxconv.converter.daxfs.InodeTable;
import io.daxconv.converter.erofs.ErofsPlan;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.extent.ExtentStore;
import io.daxconv.converter.image.ImagePlan;
import io.daxconv.converter.image.ImageWriter;
import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;

/**
 * The backing file of a split image: a block that DAXFS does not use, then the regular data, and
 * with an EROFS view its metadata, for which that block has the superblock. So every Linux mounts
 * the backing file by itself.
 */
final class BackingFile {
  private final FileChannel file;
  private final ExtentStore store;
  private final ConversionOptions options;

  BackingFile(FileChannel file, ExtentStore store, ConversionOptions options) {
    this.file = file;
    this.store = store;
    this.options = options;
  }

  /**
   * Writes what stands around the data.
   *
   * @param inodes whose data is settled
   * @param contentsDigest tells the data from any other
   */
  ImageMode.Backing finish(InodeTable inodes, byte[] contentsDigest) throws IOException {
    store.flush();
    long size = store.end();
    if (options.erofsView()) {
      ErofsPlan plan = ErofsPlan.of(inodes, size);
      long pageSize = options.pageSize();
      size = (plan.end() + pageSize - 1) & -pageSize;
      checkErofsSize(size);
      ImageWriter.writeErofs(plan, size, contentsDigest, file);
    } else if (file.size() < size) {
      // The rest of the last page was never written, or there is no data at all.
      file.write(ByteBuffer.allocate(1), size - 1);
    }
    return new ImageMode.Backing(size, sha256(size));
  }

  private Digest sha256(long size) throws IOException {
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    for (long at = 0; at < size; at += buffer.position()) {
      if (file.read(buffer.clear(), at) < 0) {
        throw new IOException("backing file: expected " + size + " bytes, found " + at);
      }
      hash.update(buffer.duplicate().flip());
    }
    return Digest.of(Digest.Algorithm.SHA256, hash);
  }

  /** EROFS counts blocks in 32 bits. */
  static void checkErofsSize(long size) throws LayerException {
    if (size > ImagePlan.LARGEST_WITH_EROFS) {
      throw new LayerException(
          "EROFS view: expected an image of at most "
              + ImagePlan.LARGEST_WITH_EROFS
              + " bytes in blocks of "
              + ErofsSuperblock.BLOCK_SIZE
              + ", found "
              + size);
    }
  }
}

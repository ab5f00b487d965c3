package io.daxconv.converter.image;

import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.daxfs.DaxfsWriter;
import io.daxconv.converter.erofs.ErofsPlan;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.erofs.ErofsWriter;
import io.daxconv.converter.format.RegionWriter;
import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.Arrays;

/** Writes a planned image around the regular data, which is in the file already. */
public final class ImageWriter {
  private final ImagePlan plan;
  private final FileChannel file;
  private final MessageDigest identity = Digest.Algorithm.SHA256.newHash();

  private ImageWriter(ImagePlan plan, FileChannel file) {
    this.plan = plan;
    this.file = file;
  }

  /**
   * Writes everything but the regular data, and gives the file its size.
   *
   * @param annex as long as the plan says
   * @param contentsDigest tells the regular data from any other
   */
  public static void write(ImagePlan plan, byte[] annex, byte[] contentsDigest, FileChannel file)
      throws IOException {
    ImageWriter writer = new ImageWriter(plan, file);
    writer.identity.update(contentsDigest);
    writer.writeRegions(annex);
    writer.writeFirstBlock(annex);
  }

  /**
   * Makes a file with regular data an EROFS image of its own: what the backing file of a split
   * image is beside its data.
   *
   * @param totalSize whole blocks, no less than the view's end
   * @param contentsDigest tells the regular data from any other
   */
  public static void writeErofs(
      ErofsPlan plan, long totalSize, byte[] contentsDigest, FileChannel file) throws IOException {
    MessageDigest identity = Digest.Algorithm.SHA256.newHash();
    identity.update(contentsDigest);
    try (RegionWriter region = new RegionWriter(file, plan.start())) {
      region.startHash(identity);
      ErofsWriter.write(plan, region);
      region.endHash();
      region.padTo(totalSize);
      region.finish();
    }
    try (RegionWriter region = new RegionWriter(file, 0)) {
      MemorySegment block = region.next(ErofsSuperblock.BLOCK_SIZE);
      plan.superblock(totalSize, uuid(identity)).write(block);
      ErofsSuperblock.seal(block);
      region.finish();
    }
  }

  private void writeRegions(byte[] annex) throws IOException {
    try (RegionWriter region = new RegionWriter(file, plan.daxfs().entries())) {
      DaxfsWriter.write(plan.daxfs(), region);
      ErofsPlan erofs = plan.erofs();
      if (erofs != null) {
        region.padTo(erofs.start());
        region.startHash(identity);
        ErofsWriter.write(erofs, region);
        region.endHash();
      }
      region.padTo(plan.annex());
      region.bytes(annex);
      region.padTo(plan.totalSize());
      region.finish();
    }
  }

  private void writeFirstBlock(byte[] annex) throws IOException {
    try (RegionWriter region = new RegionWriter(file, 0)) {
      MemorySegment block = region.next(plan.daxfs().pageSize());
      plan.daxfs().superblock(plan.totalSize()).write(block, 0);
      new AnnexPointer(AnnexPointer.VERSION, plan.annex(), annex.length, Digest.sha256(annex))
          .write(block);
      ErofsPlan erofs = plan.erofs();
      if (erofs != null) {
        erofs.superblock(plan.totalSize(), uuid(identity)).write(block);
        ErofsSuperblock.seal(block);
      }
      region.finish();
    }
  }

  /**
   * A UUID that follows from the content: of all metadata, and of the checksums of all data. Marked
   * as one of free form (version 8 of RFC 9562).
   */
  private static byte[] uuid(MessageDigest identity) {
    byte[] uuid = Arrays.copyOf(identity.digest(), 16);
    uuid[6] = (byte) ((uuid[6] & 0x0f) | 0x80);
    uuid[8] = (byte) ((uuid[8] & 0x3f) | 0x80);
    return uuid;
  }
}

package io.daxconv.converter.kernel;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.erofs.ErofsSuperblockRules;
import io.daxconv.converter.mount.BaseImage;
import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.ImageView;
import io.daxconv.converter.mount.MountPlanException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A look at an image before the kernel gets it: both superblocks, and EROFS's checksum. */
public final class BaseCheck {
  private BaseCheck() {}

  /**
   * Checks an image for a target.
   *
   * @throws CorruptImageException if it is none, or another than stands on the target
   * @throws MountPlanException if it cannot be a base
   */
  public static void check(BaseTarget target, Path image) throws IOException {
    try (DaxfsImage opened = DaxfsImage.open(image)) {
      BaseImage.check(opened);
      if (target.view() == ImageView.EROFS) {
        erofs(opened);
      }
    }
    if (target instanceof BaseTarget.Pmem pmem) {
      onDevice(Path.of(pmem.device()), image);
    }
  }

  private static void erofs(DaxfsImage image) throws CorruptImageException {
    ErofsSuperblock superblock = ErofsSuperblock.read(image.bytes());
    if (superblock.magic() != ErofsSuperblock.MAGIC) {
      throw new CorruptImageException(
          "%s: byte %d: expected the EROFS magic 0x%08x, found 0x%08x"
              .formatted(
                  image.name(),
                  ErofsSuperblock.POSITION,
                  ErofsSuperblock.MAGIC,
                  superblock.magic()));
    }
    ErofsSuperblockRules.<CorruptImageException>check(
        superblock,
        image.bytes(),
        (id, place, expected, found) -> {
          throw new CorruptImageException(
              "%s: %s: expected %s, found %s".formatted(image.name(), place, expected, found));
        });
  }

  /** The first block has a checksum, and a UUID that follows from all that the image holds. */
  private static void onDevice(Path device, Path image) throws IOException {
    if (Files.notExists(device)) {
      throw KernelException.missing(
          "base target pmem:" + device + ": expected a pmem device, found nothing");
    }
    if (!Arrays.equals(firstBlock(device), firstBlock(image))) {
      throw new CorruptImageException(
          device
              + ": expected the image in "
              + SystemCalls.shown(image)
              + ", found another; dd if=IMAGE of="
              + device
              + " bs=4M conv=fsync puts it there");
    }
  }

  private static byte[] firstBlock(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(ErofsSuperblock.BLOCK_SIZE);
    }
  }
}

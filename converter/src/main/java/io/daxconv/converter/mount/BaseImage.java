package io.daxconv.converter.mount;

import io.daxconv.converter.daxfs.DaxfsImage;

/** What an image must be to be mounted as a base. */
public final class BaseImage {
  private BaseImage() {}

  /**
   * Refuses an image that has no base, or whose data is in another file.
   *
   * @throws MountPlanException if it is one of these
   */
  public static void check(DaxfsImage image) throws MountPlanException {
    if (image.inodeCount() == 0) {
      throw new MountPlanException(
          image.name() + ": expected an image with a base to share, found an empty one");
    }
    if (image.isSplit()) {
      throw new MountPlanException(
          image.name()
              + ": expected an image that holds its data, found a split one; its backing file mounts"
              + " as EROFS, and the image by hand with -o backing=FILE");
    }
  }
}

package io.daxconv.converter.mount.process;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.browse.FileInode;
import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.daxfs.DaxfsImage;
import java.nio.charset.StandardCharsets;

/**
 * The directory of one of several images. Plans name it to the kernel, which follows symlinks to
 * the host's own files: it must be a directory whichever view is mounted. {@link ImageFiles} sees
 * the DAXFS view only.
 */
final class PackedDirectory {
  private PackedDirectory() {}

  /**
   * Looks it up in the EROFS view, if the image has that.
   *
   * @throws CorruptImageException if it is no directory there
   */
  static void check(DaxfsImage image, String packed) throws CorruptImageException {
    ImageTree tree = ImageTree.of(image, null);
    FileInode found = tree.lookup(tree.root(), packed.getBytes(StandardCharsets.UTF_8));
    if (found == null || !found.isDirectory()) {
      throw new CorruptImageException(
          "%s: /%s: expected the directory of an image in its %s view, found none"
              .formatted(image.name(), packed, tree.view()));
    }
  }
}

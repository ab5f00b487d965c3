package io.daxconv.converter.kernel;

import java.nio.file.Path;
import java.util.OptionalLong;

/** The other mounts that containers are made of, not attached yet, and the end of any. */
public final class Mounts {
  private static final int UMOUNT_NOFOLLOW = 8;

  private Mounts() {}

  /** A tmpfs that only root gets into. */
  public static DetachedMount tmpfs(String source, OptionalLong size) throws KernelException {
    try (FilesystemContext context = FilesystemContext.open("tmpfs")) {
      context.string("source", source).string("mode", "700");
      if (size.isPresent()) {
        context.string("size", Long.toString(size.getAsLong()));
      }
      return context.create("tmpfs " + source).mount(0);
    }
  }

  /** A directory once more, with the attributes that it has. */
  public static DetachedMount bind(Path directory) throws KernelException {
    return DetachedMount.bind(directory);
  }

  /** The base as a container's read-only root filesystem, where set-user-ID bits count. */
  public static DetachedMount readOnly(Path base) throws KernelException {
    return DetachedMount.bind(base)
        .change(MountAttributes.READ_ONLY, MountAttributes.NO_SUID | MountAttributes.NO_DEVICES);
  }

  /**
   * Unmounts what is uppermost at a directory.
   *
   * @throws KernelException also if it is in use
   */
  public static void unmount(Path directory) throws KernelException {
    SystemCalls.umount(directory, UMOUNT_NOFOLLOW);
  }
}

package io.daxconv.converter.kernel;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * A mount that is nowhere in the tree of directories. Its identity is known before it is attached,
 * and it vanishes with the process unless it is.
 */
public final class DetachedMount implements AutoCloseable {
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int OPEN_TREE_CLONE = 1;

  private final OpenFd fd;

  DetachedMount(OpenFd fd) {
    this.fd = fd;
  }

  /** Another mount of what a path shows, as a bind mount is. */
  static DetachedMount bind(Path path) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      return new DetachedMount(
          new OpenFd(
              SystemCalls.call(
                  "open_tree of " + SystemCalls.shown(path),
                  SystemCalls.OPEN_TREE,
                  SystemCalls.AT_FDCWD,
                  SystemCalls.cString(arena, path).address(),
                  OPEN_TREE_CLONE | SystemCalls.O_CLOEXEC)));
    }
  }

  public MountIdentity identity() throws KernelException {
    return MountIdentity.of(fd);
  }

  /** Sets and clears attributes of {@link MountAttributes}. */
  DetachedMount change(int set, int clear) throws KernelException {
    MountAttributes.change(fd, set, clear);
    return this;
  }

  /** Shows all owners as a user namespace maps them. */
  public DetachedMount map(UserNamespace userNamespace) throws KernelException {
    MountAttributes.map(fd, userNamespace.fd());
    return this;
  }

  /** Attaches it at a directory; a symlink there is not followed. */
  public void attach(Path directory) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      SystemCalls.call(
          "mount at " + SystemCalls.shown(directory),
          SystemCalls.MOVE_MOUNT,
          fd.number(),
          arena.allocateFrom("").address(),
          SystemCalls.AT_FDCWD,
          SystemCalls.cString(arena, directory).address(),
          MOVE_MOUNT_F_EMPTY_PATH);
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}

package io.daxconv.converter.erofs;

import io.daxconv.converter.daxfs.FileMode;

/**
 * An inode and where it stands.
 *
 * @param nid its number: the slots of 32 bytes before it
 * @param at its first byte in the image
 * @param inode what stands there
 */
public record PlacedInode(long nid, long at, ErofsInode inode) {
  /** The type bits of the mode. */
  public int type() {
    return FileMode.type(inode.mode());
  }

  /** Whether it is a device, FIFO or socket. */
  public boolean isSpecial() {
    return switch (type()) {
      case FileMode.REGULAR, FileMode.DIRECTORY, FileMode.SYMLINK -> false;
      default -> true;
    };
  }

  /** The first byte of its xattrs, if it has any. */
  long xattrsAt() {
    return at + inode.bytes();
  }

  /** The byte after its xattrs, which is where an inline tail starts. */
  public long end() {
    return xattrsAt() + inode.xattrBytes();
  }

  /** Where it stands, for messages. */
  public String place() {
    return "nid %s, byte %d".formatted(Long.toUnsignedString(nid), at);
  }
}

package io.daxconv.converter.browse;

import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.daxfs.OverlayInode;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.erofs.ErofsInode;
import io.daxconv.converter.erofs.PlacedInode;
import org.jspecify.annotations.Nullable;

/** An inode of either view, as {@code stat(2)} on a mount of that view would show it. */
public sealed interface FileInode {
  /** The inode number. */
  long number();

  /** Type and permissions. */
  int mode();

  /** How many names it has; of a directory 2 and its subdirectories. */
  long links();

  /** The owner, unsigned 32 bits. */
  long uid();

  /** The group, unsigned 32 bits. */
  long gid();

  /** Bytes, as the view states them. */
  long size();

  /** When it was changed; null in a view that has no times. */
  @Nullable Mtime mtime();

  /** Of a device its major number, else 0. */
  int major();

  /** Of a device its minor number, else 0. */
  int minor();

  /** The type bits of the mode. */
  default int type() {
    return FileMode.type(mode());
  }

  /** The low twelve bits of the mode. */
  default int permissions() {
    return mode() & FileMode.PERMISSIONS;
  }

  /** Whether it is a directory. */
  default boolean isDirectory() {
    return type() == FileMode.DIRECTORY;
  }

  /** Whether it is a regular file. */
  default boolean isRegular() {
    return type() == FileMode.REGULAR;
  }

  /** Whether it is a symlink. */
  default boolean isSymlink() {
    return type() == FileMode.SYMLINK;
  }

  /** Whether it is a character or block device. */
  default boolean isDevice() {
    return type() == FileMode.CHARACTER_DEVICE || type() == FileMode.BLOCK_DEVICE;
  }

  /**
   * One of the DAXFS view.
   *
   * @param entry its slot in the inode table
   */
  record OfDaxfs(InodeEntry entry) implements FileInode {
    @Override
    public long number() {
      return Integer.toUnsignedLong(entry.number());
    }

    @Override
    public int mode() {
      return entry.mode();
    }

    @Override
    public long links() {
      return Integer.toUnsignedLong(entry.nlink());
    }

    @Override
    public long uid() {
      return Integer.toUnsignedLong(entry.uid());
    }

    @Override
    public long gid() {
      return Integer.toUnsignedLong(entry.gid());
    }

    @Override
    public long size() {
      return entry.size();
    }

    @Override
    public @Nullable Mtime mtime() {
      return null;
    }

    @Override
    public int major() {
      return 0;
    }

    @Override
    public int minor() {
      return 0;
    }
  }

  /**
   * The root of an image that has no base, which stands in its overlay.
   *
   * @param overlay its entry in the pool
   */
  record OfOverlay(OverlayInode overlay) implements FileInode {
    @Override
    public long number() {
      return Superblock.ROOT_INODE;
    }

    @Override
    public int mode() {
      return overlay.mode();
    }

    @Override
    public long links() {
      return Integer.toUnsignedLong(overlay.nlink());
    }

    @Override
    public long uid() {
      return Integer.toUnsignedLong(overlay.uid());
    }

    @Override
    public long gid() {
      return Integer.toUnsignedLong(overlay.gid());
    }

    @Override
    public long size() {
      return overlay.size();
    }

    @Override
    public @Nullable Mtime mtime() {
      return null;
    }

    @Override
    public int major() {
      return 0;
    }

    @Override
    public int minor() {
      return 0;
    }
  }

  /**
   * One of the EROFS view, whose number is the nid (erofs_squash_ino in fs/erofs/inode.c).
   *
   * @param placed the inode and where it stands
   */
  record OfErofs(PlacedInode placed) implements FileInode {
    @Override
    public long number() {
      return placed.nid();
    }

    @Override
    public int mode() {
      return placed.inode().mode();
    }

    @Override
    public long links() {
      return Integer.toUnsignedLong(placed.inode().nlink());
    }

    @Override
    public long uid() {
      return Integer.toUnsignedLong(placed.inode().uid());
    }

    @Override
    public long gid() {
      return Integer.toUnsignedLong(placed.inode().gid());
    }

    @Override
    public long size() {
      return placed.inode().size();
    }

    @Override
    public Mtime mtime() {
      return new Mtime(placed.inode().mtime(), placed.inode().mtimeNanos());
    }

    @Override
    public int major() {
      return isDevice() ? ErofsInode.major(placed.inode().blockOrDevice()) : 0;
    }

    @Override
    public int minor() {
      return isDevice() ? ErofsInode.minor(placed.inode().blockOrDevice()) : 0;
    }
  }
}

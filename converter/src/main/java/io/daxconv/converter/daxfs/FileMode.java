package io.daxconv.converter.daxfs;

/** The parts of {@code st_mode} (POSIX sys/stat.h) that images hold. */
public final class FileMode {
  public static final int TYPE_MASK = 0170000;
  public static final int FIFO = 0010000;
  public static final int CHARACTER_DEVICE = 0020000;
  public static final int DIRECTORY = 0040000;
  public static final int BLOCK_DEVICE = 0060000;
  public static final int REGULAR = 0100000;
  public static final int SYMLINK = 0120000;
  public static final int SOCKET = 0140000;
  public static final int PERMISSIONS = 07777;

  private FileMode() {}

  /** The type bits alone. */
  public static int type(int mode) {
    return mode & TYPE_MASK;
  }
}

package io.daxconv.converter.daxfs;

import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.RegularFile;
import io.daxconv.converter.tree.SpecialFileNode;
import io.daxconv.converter.tree.Symlink;

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

  /** The mode of a node: type and permissions. */
  public static int of(Node node) {
    int type =
        switch (node) {
          case Directory _ -> DIRECTORY;
          case RegularFile _ -> REGULAR;
          case Symlink _ -> SYMLINK;
          case SpecialFileNode special -> of(special.type());
          default -> throw new IllegalStateException("no file: " + node.getClass());
        };
    return type | node.permissions();
  }

  private static int of(EntryType type) {
    return switch (type) {
      case CHARACTER_DEVICE -> CHARACTER_DEVICE;
      case BLOCK_DEVICE -> BLOCK_DEVICE;
      case FIFO -> FIFO;
      case SOCKET -> SOCKET;
      case REGULAR, DIRECTORY, SYMLINK, HARD_LINK ->
          throw new IllegalStateException("no special file: " + type);
    };
  }
}

package io.daxconv.cli;

import io.daxconv.converter.browse.FileInode;
import io.daxconv.converter.browse.FileKind;
import io.daxconv.converter.browse.Mtime;
import org.jspecify.annotations.Nullable;

/** What {@code ls -l} says of an inode before its name. */
final class LongLine {
  private LongLine() {}

  /** The fields of a line, in their order. */
  static String[] fields(FileInode inode, boolean human) {
    return new String[] {
      mode(inode),
      Long.toString(inode.links()),
      Long.toString(inode.uid()),
      Long.toString(inode.gid()),
      inode.isDevice()
          ? inode.major() + "," + inode.minor()
          : human ? Sizes.text(inode.size()).replace(" ", "") : Long.toString(inode.size()),
      time(inode.mtime())
    };
  }

  /** Type and permissions in ten letters, as POSIX describes them for ls. */
  static String mode(FileInode inode) {
    int mode = inode.permissions();
    StringBuilder text = new StringBuilder().append(FileKind.of(inode).listed());
    triple(text, mode >> 6, (mode & 04000) != 0, 's');
    triple(text, mode >> 3, (mode & 02000) != 0, 's');
    triple(text, mode, (mode & 01000) != 0, 't');
    return text.toString();
  }

  private static void triple(StringBuilder text, int bits, boolean special, char letter) {
    boolean execute = (bits & 1) != 0;
    text.append((bits & 4) != 0 ? 'r' : '-').append((bits & 2) != 0 ? 'w' : '-');
    if (special) {
      text.append(execute ? letter : Character.toUpperCase(letter));
    } else {
      text.append(execute ? 'x' : '-');
    }
  }

  /** A time to the second; a hyphen where a view has none. */
  private static String time(@Nullable Mtime mtime) {
    return mtime == null ? "-" : new Mtime(mtime.seconds(), 0).toString();
  }

  /** Whether a field is a number, which stands to the right of its column. */
  static boolean isNumber(int field) {
    return field >= 1 && field <= 4;
  }
}

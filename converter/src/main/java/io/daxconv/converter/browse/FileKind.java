package io.daxconv.converter.browse;

import io.daxconv.converter.daxfs.FileMode;

/** What kinds of files there are, and what they are called. */
public enum FileKind {
  REGULAR('f', '-', "file", "a regular file"),
  DIRECTORY('d', 'd', "directory", "a directory"),
  SYMLINK('l', 'l', "symlink", "a symlink"),
  CHARACTER_DEVICE('c', 'c', "character-device", "a character device"),
  BLOCK_DEVICE('b', 'b', "block-device", "a block device"),
  FIFO('p', 'p', "fifo", "a FIFO"),
  SOCKET('s', 's', "socket", "a socket");

  private final char letter;
  private final char listed;
  private final String id;
  private final String phrase;

  FileKind(char letter, char listed, String id, String phrase) {
    this.letter = letter;
    this.listed = listed;
    this.id = id;
    this.phrase = phrase;
  }

  /** The kind of an inode. */
  public static FileKind of(FileInode inode) {
    return of(inode.mode());
  }

  /** The kind that a mode says. */
  public static FileKind of(int mode) {
    return switch (FileMode.type(mode)) {
      case FileMode.REGULAR -> REGULAR;
      case FileMode.DIRECTORY -> DIRECTORY;
      case FileMode.SYMLINK -> SYMLINK;
      case FileMode.CHARACTER_DEVICE -> CHARACTER_DEVICE;
      case FileMode.BLOCK_DEVICE -> BLOCK_DEVICE;
      case FileMode.FIFO -> FIFO;
      case FileMode.SOCKET -> SOCKET;
      default -> throw new IllegalArgumentException("mode 0" + Integer.toOctalString(mode));
    };
  }

  /** The letter by which {@code find -type} knows it. */
  public char letter() {
    return letter;
  }

  /** The letter with which {@code ls -l} starts its line. */
  public char listed() {
    return listed;
  }

  /** Its stable name in JSON, that of the annex. */
  public String id() {
    return id;
  }

  /** What messages call it. */
  public String phrase() {
    return phrase;
  }
}

package io.daxconv.converter.erofs;

/**
 * A directory entry with its name.
 *
 * @param name the name's bytes, 1 to 255; {@code .} and {@code ..} are names too
 * @param nameAt the name's first byte in the image
 * @param nid the child's inode
 * @param fileType the child's type as the entry says it
 * @param at the entry's first byte in the image
 */
@SuppressWarnings("ArrayRecordComponent")
public record ErofsEntry(byte[] name, long nameAt, long nid, int fileType, long at) {
  /** Whether it is {@code .}, the directory itself. */
  public boolean isSelf() {
    return name.length == 1 && name[0] == '.';
  }

  /** Whether it is {@code ..}, the parent. */
  public boolean isParent() {
    return name.length == 2 && name[0] == '.' && name[1] == '.';
  }

  /** Whether it is either of them. */
  public boolean isDots() {
    return isSelf() || isParent();
  }
}

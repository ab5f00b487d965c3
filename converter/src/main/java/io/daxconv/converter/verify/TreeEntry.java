package io.daxconv.converter.verify;

import org.jspecify.annotations.Nullable;

/**
 * One path of a tree with all that can be seen of it.
 *
 * @param path from the root, starting with {@code /}
 * @param permissions the low twelve bits of the mode
 * @param uid the owner, unsigned 32 bits
 * @param gid the group, unsigned 32 bits
 * @param content what it is
 */
@SuppressWarnings("ArrayRecordComponent")
public record TreeEntry(byte[] path, int permissions, long uid, long gid, Content content) {

  /** What a path leads to. */
  public sealed interface Content permits Directory, Regular, Symlink {}

  /** A directory; what is in it are entries of their own. */
  public record Directory() implements Content {}

  /**
   * A regular file.
   *
   * @param size bytes
   * @param bytes what it holds
   * @param firstLink the first path, by its bytes, of all names of the same file; null if this is
   *     its only name
   */
  public record Regular(long size, FileContent bytes, byte @Nullable [] firstLink)
      implements Content {}

  /**
   * A symlink.
   *
   * @param target its bytes, without a NUL
   */
  public record Symlink(byte[] target) implements Content {}
}

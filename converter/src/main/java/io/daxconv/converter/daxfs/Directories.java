package io.daxconv.converter.daxfs;

import io.daxconv.converter.CorruptImageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directories of one view of an image, as a walk needs them.
 *
 * @param <I> an inode of the view
 */
public interface Directories<I> {
  /**
   * A name in a directory.
   *
   * @param name one that can be looked up
   * @param inode what it leads to
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Child<I>(byte[] name, I inode) {}

  /**
   * The root directory; null where the view has no tree.
   *
   * @throws CorruptImageException if it cannot be read
   */
  @Nullable I root() throws CorruptImageException;

  /** Whether an inode is a directory. */
  boolean isDirectory(I inode);

  /** The number of an inode, which no other has. */
  long number(I inode);

  /** What the view calls the number of an inode. */
  String numberName();

  /** How much room a directory takes, in a unit of the view's own. */
  long room(I directory) throws CorruptImageException;

  /** How much room all directories together can take. */
  long totalRoom();

  /** What directories that share their room share. */
  String roomName();

  /**
   * The names in a directory, in any order, without {@code .} and {@code ..}.
   *
   * @param path its path, for messages; ends with a slash
   * @throws CorruptImageException if one of them cannot be looked up or leads nowhere
   */
  List<Child<I>> children(byte[] path, I directory) throws CorruptImageException;

  /** Something that is wrong with the image. */
  CorruptImageException corrupt(String place, String expected, String found);
}

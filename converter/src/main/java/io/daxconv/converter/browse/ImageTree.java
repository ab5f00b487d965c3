package io.daxconv.converter.browse;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.mount.ImageView;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The tree of an image, read through one of its views. Everything is checked where it is asked for:
 * bytes that lie cost a {@link CorruptImageException}.
 */
public sealed interface ImageTree permits DaxfsTree, ErofsTree, EmptyTree {
  /**
   * The tree of an image. Of a split image the backing file has the EROFS view.
   *
   * @param view the view to read; null for the richer one that is there: EROFS, else DAXFS
   * @throws CorruptImageException if it does not have that view
   */
  static ImageTree of(DaxfsImage image, @Nullable ImageView view) throws CorruptImageException {
    ErofsTree erofs = view == ImageView.DAXFS ? null : ErofsTree.of(image);
    if (erofs != null) {
      return erofs;
    }
    if (view == ImageView.EROFS) {
      String where = image.isSplit() && image.backing() == null ? ": a backing file has it" : "";
      throw new CorruptImageException(
          image.name() + ": expected an EROFS view, found none" + where);
    }
    return image.inodeCount() == 0 ? EmptyTree.of(image) : new DaxfsTree(image);
  }

  /** How messages name the image; printable. */
  String name();

  /** Which view is read. */
  ImageView view();

  /** The image. */
  DaxfsImage image();

  /**
   * The root directory.
   *
   * @throws CorruptImageException if it cannot be read, or is none
   */
  FileInode root() throws CorruptImageException;

  /**
   * Looks a name up, reading no other directory and no other inode.
   *
   * @return null if there is no such name
   * @throws CorruptImageException if it is no directory, or what is looked at cannot be read
   */
  @Nullable FileInode lookup(FileInode directory, byte[] name) throws CorruptImageException;

  /**
   * The bytes of a regular file, in pieces, none if it is empty.
   *
   * @throws CorruptImageException if it is no regular file, not all in the image, or in a backing
   *     file that was not opened
   */
  List<MemorySegment> contents(FileInode file) throws CorruptImageException;

  /**
   * Where the bytes of a regular file stand in the image, or in its backing file if it is split,
   * which need not be open for this.
   *
   * @throws CorruptImageException if it is no regular file, or they are not all in there
   */
  List<Extent> extents(FileInode file) throws CorruptImageException;

  /**
   * The target of a symlink.
   *
   * @throws CorruptImageException if it is no symlink, or its target cannot be one
   */
  byte[] target(FileInode symlink) throws CorruptImageException;

  /**
   * The xattrs of an inode, values by escaped name; none in a view that has none.
   *
   * @throws CorruptImageException if they are not what xattrs must be
   */
  SortedMap<String, byte[]> xattrs(FileInode inode) throws CorruptImageException;

  /** Bytes that an inode's xattrs take, before they are read. */
  long xattrBytes(FileInode inode);

  /**
   * A path and what is below it.
   *
   * @param path where the inode is, for the paths of the steps
   * @param order what comes after what
   * @param deepest how many names below it to go
   */
  Walk walk(byte[] path, FileInode from, TreeWalk.Order order, int deepest);

  /** Goes from path to path. */
  interface Walk {
    /**
     * The next path, or null after the last.
     *
     * @throws CorruptImageException if the tree cannot be followed
     */
    @Nullable Step next() throws CorruptImageException;
  }

  /**
   * One path of a walk.
   *
   * @param path starting as the walk's first
   * @param depth how many names below the first it is
   * @param inode what it names
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Step(byte[] path, int depth, FileInode inode) {}
}

package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.daxfs.TreeWalk;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All paths of an image with their contents, in the order of their bytes. */
public final class TreeEntries {
  private final DaxfsImage image;
  private final ImageContents contents;
  private final TreeWalk<InodeEntry> walk;
  private final Map<Integer, byte[]> firstLinks = new HashMap<>();

  /**
   * Starts at the root.
   *
   * @throws CorruptImageException if it cannot be read
   */
  public TreeEntries(ImageContents contents) throws CorruptImageException {
    this.contents = contents;
    this.image = contents.image();
    this.walk = image.walk();
  }

  /**
   * The next path, or null after the last.
   *
   * @throws CorruptImageException if the tree cannot be followed or a file not read
   */
  public @Nullable TreeEntry next() throws CorruptImageException {
    TreeWalk.Step<InodeEntry> step = walk.next();
    if (step == null) {
      return null;
    }
    InodeEntry inode = step.inode();
    TreeEntry.Content content =
        switch (FileMode.type(inode.mode())) {
          case FileMode.DIRECTORY -> new TreeEntry.Directory();
          case FileMode.SYMLINK -> new TreeEntry.Symlink(image.target(inode));
          default -> regular(step.path(), inode);
        };
    return new TreeEntry(
        step.path(),
        inode.mode() & FileMode.PERMISSIONS,
        Integer.toUnsignedLong(inode.uid()),
        Integer.toUnsignedLong(inode.gid()),
        content);
  }

  private TreeEntry.Regular regular(byte[] path, InodeEntry inode) throws CorruptImageException {
    // Paths come in order, so the first that is seen is the first there is.
    boolean linked = Integer.compareUnsigned(inode.nlink(), 1) > 0;
    byte[] firstLink = linked ? firstLinks.putIfAbsent(inode.number(), path) : null;
    return new TreeEntry.Regular(
        inode.size(), contents.of(inode), linked && firstLink == null ? path : firstLink);
  }
}

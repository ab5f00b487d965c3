package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.daxfs.TreeWalk.Step;
import io.daxconv.converter.format.SegmentDigest;
import io.daxconv.converter.source.Digest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All paths of an image with their contents hashed, in the order of their bytes. Each extent is
 * hashed once, however many files share it.
 */
public final class TreeEntries {
  private final DaxfsImage image;
  private final TreeWalk walk;
  private final Map<Extent, Digest> digests = new HashMap<>();
  private final Map<Integer, byte[]> firstLinks = new HashMap<>();
  private long bytesLeft;

  /** Starts at the root. */
  public TreeEntries(DaxfsImage image) {
    this.image = image;
    this.walk = image.walk();
    this.bytesLeft = image.bytes().byteSize();
  }

  /**
   * The next path, or null after the last.
   *
   * @throws CorruptImageException if the tree cannot be followed or a file not read
   */
  public @Nullable TreeEntry next() throws CorruptImageException {
    Step step = walk.next();
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
        inode.size(), digest(inode), linked && firstLink == null ? path : firstLink);
  }

  private Digest digest(InodeEntry inode) throws CorruptImageException {
    Extent extent = new Extent(inode.size() == 0 ? 0 : inode.dataOffset(), inode.size());
    Digest known = digests.get(extent);
    if (known != null) {
      return known;
    }
    // Extents that overlap could add up to far more than there is to read.
    bytesLeft -= image.contents(inode).byteSize();
    if (bytesLeft < 0) {
      throw new CorruptImageException(
          "%s: expected files with data of their own, found data that overlaps"
              .formatted(image.name()));
    }
    Digest digest = SegmentDigest.sha256(image.contents(inode));
    digests.put(extent, digest);
    return digest;
  }
}

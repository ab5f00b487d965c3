package io.daxconv.converter.browse;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.format.SegmentDigest;
import io.daxconv.converter.mount.ImageView;
import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All paths of an image in the order of their names, contents hashed once and when asked for. */
public final class TreeFacts implements TreeDifference.Side {
  private final ImageTree tree;
  private final ImageTree.Walk walk;
  private final Map<List<Long>, Digest> digests = new HashMap<>();
  private final Map<Long, byte[]> firstNames = new HashMap<>();
  private long bytesLeft;

  /**
   * Starts at the root.
   *
   * @throws CorruptImageException if it cannot be read
   */
  public TreeFacts(ImageTree tree) throws CorruptImageException {
    this.tree = tree;
    this.walk = tree.walk(new byte[] {'/'}, tree.root(), TreeWalk.Order.NAMES, Integer.MAX_VALUE);
    this.bytesLeft = tree.image().bytesInAll();
  }

  @Override
  public @Nullable FileFacts next() throws IOException {
    ImageTree.Step step = walk.next();
    if (step == null) {
      return null;
    }
    FileInode inode = step.inode();
    boolean linked = !inode.isDirectory() && Long.compareUnsigned(inode.links(), 1) > 0;
    return new FileFacts(
        step.path(),
        FileKind.of(inode),
        inode.permissions(),
        inode.uid(),
        inode.gid(),
        inode.isRegular() ? inode.size() : 0,
        inode.isSymlink() ? tree.target(inode) : new byte[0],
        inode.major(),
        inode.minor(),
        linked ? firstNames.putIfAbsent(inode.number(), step.path()) : null,
        inode.mtime(),
        tree.view() == ImageView.EROFS ? tree.xattrs(inode) : null,
        () -> digest(inode));
  }

  private Digest digest(FileInode inode) throws CorruptImageException {
    List<MemorySegment> pieces = tree.contents(inode);
    List<Long> key =
        pieces.stream().flatMap(piece -> Stream.of(piece.address(), piece.byteSize())).toList();
    Digest known = digests.get(key);
    if (known != null) {
      return known;
    }
    bytesLeft -= inode.size();
    if (bytesLeft < 0) {
      throw new CorruptImageException(
          tree.name() + ": expected files with data of their own, found data that overlaps");
    }
    Digest digest = SegmentDigest.sha256(pieces);
    digests.put(key, digest);
    return digest;
  }
}

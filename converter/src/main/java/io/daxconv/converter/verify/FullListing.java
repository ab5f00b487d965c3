package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.erofs.ErofsInode;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.erofs.PlacedInode;
import io.daxconv.converter.format.SegmentDigest;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.text.Escapes;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lines of an EROFS view; each file is hashed once, and each extent that files share. */
final class FullListing {
  /** Xattrs of a file with many names are listed with each; this is where that stops. */
  private static final long MOST_XATTR_BYTES = 1L << 30;

  private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

  private final ErofsView view;
  private final TreeWalk<PlacedInode> walk;
  private final Map<List<Long>, Digest> digests = new HashMap<>();
  private final Map<Long, byte[]> firstLinks = new HashMap<>();
  private long bytesLeft;
  private long xattrBytesLeft;

  FullListing(ErofsView view) throws CorruptImageException {
    this.view = view;
    this.walk = view.walk();
    this.bytesLeft = view.size();
    this.xattrBytesLeft = Math.max(view.size(), MOST_XATTR_BYTES);
  }

  /** The next line, or null after the last. */
  @Nullable String next() throws CorruptImageException {
    TreeWalk.Step<PlacedInode> step = walk.next();
    return step == null ? null : line(step.path(), step.inode());
  }

  private String line(byte[] path, PlacedInode placed) throws CorruptImageException {
    ErofsInode inode = placed.inode();
    boolean regular = placed.type() == FileMode.REGULAR;
    return String.join(
        "\t",
        Escapes.escape(path),
        letter(placed.type()),
        String.format(Locale.ROOT, "%04o", inode.mode() & FileMode.PERMISSIONS),
        Integer.toUnsignedString(inode.uid()),
        Integer.toUnsignedString(inode.gid()),
        regular ? Long.toString(inode.size()) : "-",
        content(placed),
        regular ? Listing.path(firstLink(path, placed)) : "-",
        nanos(inode),
        xattrs(placed));
  }

  private static String letter(int type) {
    return switch (type) {
      case FileMode.REGULAR -> "f";
      case FileMode.DIRECTORY -> "d";
      case FileMode.SYMLINK -> "l";
      case FileMode.CHARACTER_DEVICE -> "c";
      case FileMode.BLOCK_DEVICE -> "b";
      case FileMode.FIFO -> "p";
      default -> "s";
    };
  }

  private String content(PlacedInode placed) throws CorruptImageException {
    int device = placed.inode().blockOrDevice();
    return switch (placed.type()) {
      case FileMode.REGULAR -> digest(placed).hex();
      case FileMode.SYMLINK -> Escapes.escape(view.target(placed));
      case FileMode.CHARACTER_DEVICE, FileMode.BLOCK_DEVICE ->
          ErofsInode.major(device) + ":" + ErofsInode.minor(device);
      default -> "-";
    };
  }

  private byte @Nullable [] firstLink(byte[] path, PlacedInode placed) {
    // Paths come in order, so the first that is seen is the first there is.
    if (Integer.compareUnsigned(placed.inode().nlink(), 1) <= 0) {
      return null;
    }
    byte[] first = firstLinks.putIfAbsent(placed.nid(), path);
    return first == null ? path : first;
  }

  private Digest digest(PlacedInode placed) throws CorruptImageException {
    List<MemorySegment> pieces = view.contents(placed);
    List<Long> key = pieces.stream().flatMap(FullListing::key).toList();
    Digest known = digests.get(key);
    if (known != null) {
      return known;
    }
    // Extents that overlap could add up to far more than there is to read.
    bytesLeft -= placed.inode().size();
    if (bytesLeft < 0) {
      throw new CorruptImageException(
          "%s: EROFS: expected files with data of their own, found data that overlaps"
              .formatted(view.name()));
    }
    Digest digest = SegmentDigest.sha256(pieces);
    digests.put(key, digest);
    return digest;
  }

  private static Stream<Long> key(MemorySegment piece) {
    return Stream.of(piece.address(), piece.byteSize());
  }

  /** Seconds are signed here as everywhere, though the format does not say so. */
  private static String nanos(ErofsInode inode) {
    return BigInteger.valueOf(inode.mtime())
        .multiply(NANOS)
        .add(BigInteger.valueOf(Integer.toUnsignedLong(inode.mtimeNanos())))
        .toString();
  }

  private String xattrs(PlacedInode placed) throws CorruptImageException {
    if (placed.inode().xattrCount() == 0) {
      return "-";
    }
    xattrBytesLeft -= placed.inode().xattrBytes();
    if (xattrBytesLeft < 0) {
      throw new CorruptImageException(
          "%s: EROFS: expected files with xattrs of their own, found xattrs that overlap"
              .formatted(view.name()));
    }
    SortedMap<String, byte[]> xattrs = view.xattrs(placed);
    StringBuilder text = new StringBuilder();
    xattrs.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : ",")
                .append(name)
                .append('=')
                .append(HexFormat.of().formatHex(value)));
    return text.toString();
  }
}

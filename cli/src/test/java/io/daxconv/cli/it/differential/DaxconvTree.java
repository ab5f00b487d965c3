package io.daxconv.cli.it.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.erofs.ErofsInode;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.erofs.PlacedInode;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.text.Escapes;
import io.daxconv.converter.verify.ImageVerifier;
import io.daxconv.converter.verify.Listing;
import io.daxconv.oci.ImageSources;
import io.daxconv.oci.SourceOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What daxconv makes of a layout, read back from the image. */
public final class DaxconvTree {
  private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

  private DaxconvTree() {}

  /** Converts a layout; the image is sound, and its two views hold the same tree. */
  public static Flattened of(Path layout, Path image) throws IOException {
    try (SourceImage source =
        ImageSources.open("oci:" + layout, SourceOptions.builder(Map.of(), layout).build())) {
      Converter.convert(source, image, ConversionOptions.DEFAULT, ConversionListener.NONE);
    } catch (DaxconvException e) {
      if (Files.exists(image)) {
        throw new AssertionError("an image is left behind: " + image, e);
      }
      return new Flattened.Refused(e.getMessage());
    }
    try (DaxfsImage opened = DaxfsImage.open(image)) {
      var findings = ImageVerifier.verify(opened).findings();
      if (!findings.isEmpty()) {
        throw new AssertionError("not sound: " + findings);
      }
      ErofsView view = Objects.requireNonNull(ErofsView.of(opened));
      requireSameViews(opened, view);
      return new Flattened.Tree(tree(view));
    }
  }

  /** What both views can hold must be the same in both. */
  private static void requireSameViews(DaxfsImage image, ErofsView view) throws IOException {
    StringBuilder daxfs = new StringBuilder();
    Listing.list(image, daxfs);
    StringBuilder full = new StringBuilder();
    Listing.listFull(view, full);
    String erofs =
        full.toString()
            .lines()
            .filter(line -> line.matches("[^\t]*\t[fdl]\t.*"))
            .map(line -> line.substring(0, line.lastIndexOf('\t', line.lastIndexOf('\t') - 1)))
            .collect(Collectors.joining("\n", "", "\n"));
    if (!daxfs.toString().equals(erofs)) {
      throw new AssertionError("the views differ:\n" + daxfs + "\n" + erofs);
    }
  }

  private static SortedMap<String, Flattened.Found> tree(ErofsView view) throws IOException {
    SortedMap<String, Flattened.Found> files = new TreeMap<>();
    Map<Long, String> firstNames = new HashMap<>();
    TreeWalk<PlacedInode> walk = view.walk();
    for (TreeWalk.Step<PlacedInode> step = walk.next(); step != null; step = walk.next()) {
      PlacedInode placed = step.inode();
      String path = new String(step.path(), ISO_8859_1);
      String first = firstNames.merge(placed.nid(), path, (known, other) -> known);
      files.put(path, found(view, placed, first));
    }
    return files;
  }

  private static Flattened.Found found(ErofsView view, PlacedInode placed, String first)
      throws IOException {
    ErofsInode inode = placed.inode();
    return new Flattened.Found(
        letter(placed.type()),
        inode.mode() & FileMode.PERMISSIONS,
        Integer.toUnsignedString(inode.uid()) + ":" + Integer.toUnsignedString(inode.gid()),
        placed.type() == FileMode.REGULAR ? inode.size() : 0,
        content(view, placed),
        first,
        BigInteger.valueOf(inode.mtime())
            .multiply(NANOS)
            .add(BigInteger.valueOf(inode.mtimeNanos()))
            .toString(),
        view.xattrs(placed).entrySet().stream()
            .map(
                xattr ->
                    new String(Escapes.unescape(xattr.getKey()), ISO_8859_1)
                        + "="
                        + HexFormat.of().formatHex(xattr.getValue()))
            .sorted()
            .collect(Collectors.joining(",")));
  }

  private static char letter(int type) {
    return switch (type) {
      case FileMode.REGULAR -> 'f';
      case FileMode.DIRECTORY -> 'd';
      case FileMode.SYMLINK -> 'l';
      case FileMode.CHARACTER_DEVICE -> 'c';
      case FileMode.BLOCK_DEVICE -> 'b';
      case FileMode.FIFO -> 'p';
      default -> 's';
    };
  }

  private static String content(ErofsView view, PlacedInode placed) throws IOException {
    int device = placed.inode().blockOrDevice();
    return switch (placed.type()) {
      case FileMode.REGULAR -> digest(view.contents(placed));
      case FileMode.SYMLINK -> new String(view.target(placed), ISO_8859_1);
      case FileMode.CHARACTER_DEVICE, FileMode.BLOCK_DEVICE ->
          ErofsInode.major(device) + ":" + ErofsInode.minor(device);
      default -> "";
    };
  }

  private static String digest(List<MemorySegment> pieces) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    pieces.forEach(piece -> bytes.writeBytes(piece.toArray(ValueLayout.JAVA_BYTE)));
    return Digest.sha256(bytes.toByteArray()).hex();
  }
}

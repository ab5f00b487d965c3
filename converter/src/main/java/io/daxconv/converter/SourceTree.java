package io.daxconv.converter;

import io.daxconv.converter.annex.FileXattrs;
import io.daxconv.converter.annex.SpecialFile;
import io.daxconv.converter.browse.FileFacts;
import io.daxconv.converter.browse.FileKind;
import io.daxconv.converter.browse.Mtime;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.MappedFile;
import io.daxconv.converter.layer.DataSink;
import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.FlattenException;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.OwnerShift;
import io.daxconv.converter.tree.PathWalk;
import io.daxconv.converter.tree.RegularFile;
import io.daxconv.converter.tree.SpecialFileNode;
import io.daxconv.converter.tree.Symlink;
import io.daxconv.converter.verify.ContentMatch;
import io.daxconv.converter.verify.FileContent;
import io.daxconv.converter.verify.ImageContents;
import io.daxconv.converter.verify.TreeEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tree that an image must give, flattened from its layers without storing any data: what a
 * converted image is compared with.
 */
public final class SourceTree {
  private final List<FileContent> contents = new ArrayList<>();
  private final List<PathTo> paths = new ArrayList<>();
  private final IdentityHashMap<Node, byte[]> firstPaths = new IdentityHashMap<>();
  private final IdentityHashMap<Node, Integer> names = new IdentityHashMap<>();

  @SuppressWarnings("ArrayRecordComponent")
  private record PathTo(byte[] path, Node node) {}

  private SourceTree() {}

  /**
   * All that an image must give.
   *
   * @param entries paths that DAXFS can hold, in the order of their bytes
   * @param xattrs what the annex must have
   * @param specialFiles what the annex must have
   */
  public record Contents(
      List<TreeEntry> entries, List<FileXattrs> xattrs, List<SpecialFile> specialFiles) {}

  /**
   * All paths that DAXFS can hold, in the order of their bytes.
   *
   * @throws DaxconvException if the image cannot be read
   */
  public static List<TreeEntry> entries(SourceImage image, int jobs, ConversionListener listener)
      throws IOException {
    return contents(image, jobs, listener).entries();
  }

  /**
   * All that the image must give.
   *
   * @throws DaxconvException if the image cannot be read
   */
  public static Contents contents(SourceImage image, int jobs, ConversionListener listener)
      throws IOException {
    return contents(image, jobs, Budgets.DEFAULT, listener);
  }

  /**
   * All that the image must give.
   *
   * @param budgets how much the image may take
   * @throws DaxconvException if the image cannot be read
   */
  public static Contents contents(
      SourceImage image, int jobs, Budgets budgets, ConversionListener listener)
      throws IOException {
    return contents(image, jobs, budgets, listener, SourceTree::hash);
  }

  /**
   * All that the image must give, with files that a converted image holds already known by their
   * places in it. That costs far less than to hash them.
   *
   * @param budgets how much the image may take
   * @param uidShift what was added to each owner and group
   * @param converted the image to look in, which no other thread may use meanwhile
   * @throws DaxconvException if the image cannot be read
   */
  public static Contents contents(
      SourceImage image,
      long uidShift,
      int jobs,
      Budgets budgets,
      ConversionListener listener,
      ImageContents converted)
      throws IOException {
    Recognition places = places(converted);
    return MappedFile.whileMapped(
        converted.image().name(),
        () -> {
          SourceTree tree = new SourceTree();
          return tree.contents(tree.flatten(image, jobs, budgets, listener, places), uidShift);
        });
  }

  /** The same of several images, each of which is a directory of the converted one. */
  public static Contents contents(
      List<NamedImage> images,
      long uidShift,
      int jobs,
      Budgets budgets,
      ConversionListener listener,
      ImageContents converted)
      throws IOException {
    Recognition places = places(converted);
    return MappedFile.whileMapped(
        converted.image().name(),
        () -> {
          SourceTree tree = new SourceTree();
          TreeMap<String, Directory> roots = new TreeMap<>();
          for (NamedImage image : images) {
            try (SourceImage opened = image.opening().open()) {
              roots.put(image.name(), tree.flatten(opened, jobs, budgets, listener, places));
            }
          }
          return tree.contents(Directory.holding(roots), uidShift);
        });
  }

  private static Recognition places(ImageContents converted) {
    return (size, bytes) -> {
      ContentMatch match = converted.match(size);
      bytes.copyTo(match);
      return match.content();
    };
  }

  private static Contents contents(
      SourceImage image, int jobs, Budgets budgets, ConversionListener listener, Recognition as)
      throws IOException {
    SourceTree tree = new SourceTree();
    return tree.contents(tree.flatten(image, jobs, budgets, listener, as), 0);
  }

  private Contents contents(Directory root, long uidShift) throws IOException {
    if (uidShift != 0) {
      shiftOwners(root, uidShift);
    }
    paths.add(new PathTo(new byte[] {'/'}, root));
    visit(root);
    LeftOut leftOut = LeftOut.of(root);
    return new Contents(entries(), leftOut.xattrs(), leftOut.specialFiles());
  }

  /** Each inode once, whatever its names. */
  private static void shiftOwners(Directory root, long by) throws LayerException {
    OwnerShift shift = new OwnerShift(by);
    Set<Node> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
    nodes.add(root);
    for (PathWalk walk = new PathWalk(root); walk.next(); ) {
      nodes.add(walk.node());
    }
    for (Node node : nodes) {
      try {
        shift.shift(node);
      } catch (FlattenException e) {
        throw new LayerException("uid-shift: " + e.getMessage(), e);
      }
    }
  }

  /**
   * All paths with all that an EROFS view must show of them, in the order of their names, the root
   * first.
   *
   * @param budgets how much the image may take
   * @throws DaxconvException if the image cannot be read
   */
  public static List<FileFacts> facts(
      SourceImage image, int jobs, Budgets budgets, ConversionListener listener)
      throws IOException {
    SourceTree tree = new SourceTree();
    Directory root = tree.flatten(image, jobs, budgets, listener, SourceTree::hash);
    LeftOut.of(root);
    List<FileFacts> facts = new ArrayList<>();
    facts.add(tree.facts(new byte[] {'/'}, root));
    for (PathWalk walk = new PathWalk(root); walk.next(); ) {
      facts.add(tree.facts(walk.path(), walk.node()));
    }
    return facts;
  }

  private Directory flatten(
      SourceImage image, int jobs, Budgets budgets, ConversionListener listener, Recognition as)
      throws IOException {
    try (LayerStack stack =
        new LayerStack(
            image.layers(),
            jobs,
            budgets,
            listener,
            (file, reader) -> file.setExtent(number(as.content(file.size(), reader::copyData))))) {
      return stack.flatten();
    }
  }

  private FileFacts facts(byte[] path, Node node) {
    RegularFile file = node instanceof RegularFile it ? it : null;
    SpecialFileNode device =
        node instanceof SpecialFileNode it
                && (it.type() == EntryType.CHARACTER_DEVICE || it.type() == EntryType.BLOCK_DEVICE)
            ? it
            : null;
    return new FileFacts(
        path,
        FileKind.of(FileMode.of(node)),
        node.permissions(),
        Integer.toUnsignedLong(node.uid()),
        Integer.toUnsignedLong(node.gid()),
        file == null ? 0 : file.size(),
        node instanceof Symlink symlink ? symlink.target() : new byte[0],
        device == null ? 0 : device.major(),
        device == null ? 0 : device.minor(),
        node instanceof Directory ? null : firstPaths.putIfAbsent(node, path),
        new Mtime(node.mtimeSeconds(), node.mtimeNanos()),
        node.xattrs().byName(),
        () -> sha256(Objects.requireNonNull(file)));
  }

  private Digest sha256(RegularFile file) {
    if (contents.get((int) file.extent()) instanceof FileContent.Hashed(Digest sha256)) {
      return sha256;
    }
    throw new IllegalStateException("a file that was not hashed");
  }

  @FunctionalInterface
  private interface Bytes {
    void copyTo(DataSink sink) throws IOException;
  }

  /** What a file's bytes are known by. */
  @FunctionalInterface
  private interface Recognition {
    FileContent content(long size, Bytes bytes) throws IOException;
  }

  private long number(FileContent content) {
    contents.add(content);
    return contents.size() - 1L;
  }

  private static FileContent hash(long size, Bytes bytes) throws IOException {
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    bytes.copyTo(new HashingSink(hash));
    return new FileContent.Hashed(Digest.of(Digest.Algorithm.SHA256, hash));
  }

  private record HashingSink(MessageDigest hash) implements DataSink {
    private static final byte[] ZEROS = new byte[1 << 16];

    @Override
    public void data(ByteBuffer bytes) {
      hash.update(bytes);
    }

    @Override
    public void hole(long length) {
      for (long left = length; left > 0; left -= ZEROS.length) {
        hash.update(ZEROS, 0, (int) Math.min(left, ZEROS.length));
      }
    }
  }

  private void visit(Directory root) {
    for (PathWalk walk = new PathWalk(root); walk.next(); ) {
      Node node = walk.node();
      if (!(node instanceof SpecialFileNode)) {
        byte[] path = walk.path();
        paths.add(new PathTo(path, node));
        names.merge(node, 1, Integer::sum);
        firstPaths.merge(node, path, (a, b) -> Arrays.compareUnsigned(a, b) <= 0 ? a : b);
      }
    }
  }

  private List<TreeEntry> entries() {
    paths.sort((a, b) -> Arrays.compareUnsigned(a.path(), b.path()));
    List<TreeEntry> entries = new ArrayList<>(paths.size());
    for (PathTo each : paths) {
      Node node = each.node();
      entries.add(
          new TreeEntry(
              each.path(),
              node.permissions(),
              Integer.toUnsignedLong(node.uid()),
              Integer.toUnsignedLong(node.gid()),
              content(node)));
    }
    return entries;
  }

  private TreeEntry.Content content(Node node) {
    return switch (node) {
      case RegularFile file ->
          new TreeEntry.Regular(
              file.size(),
              contents.get((int) file.extent()),
              names.getOrDefault(node, 1) > 1 ? firstPaths.get(node) : null);
      case Symlink symlink -> new TreeEntry.Symlink(symlink.target());
      default -> new TreeEntry.Directory();
    };
  }
}

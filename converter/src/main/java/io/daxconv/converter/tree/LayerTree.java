package io.daxconv.converter.tree;

import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.text.Escapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer as a tree of its own: its entries in the order they came, the last one of a path
 * winning, and its whiteouts set apart, for they speak of the lower layers alone (image-spec
 * layer.md).
 */
public final class LayerTree {
  private static final String OPAQUE = ".wh..wh..opq";
  private static final List<String> AUFS_NAMES =
      List.of(".wh..wh.aufs", ".wh..wh.plnk", ".wh..wh.orph");

  private final Directory root = Directory.implied();
  private final WhiteoutMarks whiteouts = new WhiteoutMarks();
  private final LayerPathResolver resolver = new LayerPathResolver(root);
  private final List<LowerLink> lowerLinks = new ArrayList<>();
  private final IdentityHashMap<Node, Integer> placedLater = new IdentityHashMap<>();
  private final Attributes.Recent attributes = new Attributes.Recent();
  private final String label;
  private final int layer;
  private long ordinal;
  private long implied;
  private @Nullable KnownParent lastParent;

  /**
   * An empty tree.
   *
   * @param label how messages name the layer
   * @param layer its index; 0 is the oldest
   */
  public LayerTree(String label, int layer) {
    this.label = label;
    this.layer = layer;
  }

  /** Where an entry came to stand. */
  public record Placed(List<Name> path, Node node) {}

  /**
   * Places the next entry.
   *
   * @return where, or null if it makes no file: whiteouts and AUFS's own
   * @throws FlattenException if it cannot be placed
   */
  public @Nullable Placed add(LayerEntry entry) throws FlattenException {
    long number = ordinal++;
    KnownParent known = lastParent;
    Name last = known == null ? null : known.last(entry.path());
    if (known != null && last != null) {
      return place(known.names(), known.directory(), last, entry, number);
    }
    List<Name> names = LayerPath.parse(entry.path());
    if (names.isEmpty()) {
      return describeRoot(entry);
    }
    if (isAufs(names)) {
      return null;
    }
    List<Name> parent = resolver.resolve(names.subList(0, names.size() - 1), entry.path());
    Name name = names.getLast();
    if (LayerPath.isWhiteout(name)) {
      addWhiteout(parent, name, entry);
      return null;
    }
    Directory directory = makeParents(parent, entry);
    LayerPath.checkLength(join(parent, name), entry.path());
    lastParent = KnownParent.of(entry.path(), parent, directory);
    return place(parent, directory, name, entry, number);
  }

  private Placed place(
      List<Name> parent, Directory directory, Name name, LayerEntry entry, long number)
      throws FlattenException {
    Node node =
        switch (entry.type()) {
          case DIRECTORY -> placeDirectory(directory, name, entry);
          case REGULAR -> new RegularFile(entry, attributes.of(entry), layer, number);
          case SYMLINK -> symlink(entry);
          case HARD_LINK -> hardLink(entry, join(parent, name));
          case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> specialFile(entry);
        };
    boolean isNew = entry.type() != EntryType.HARD_LINK || node instanceof LowerLink;
    if (isNew && !lowerLinks.isEmpty() && !(node instanceof Directory)) {
      placedLater.put(node, lowerLinks.size());
    }
    Node before = directory.put(name, node);
    if (node instanceof Symlink || (before != null && before != node)) {
      lastParent = null;
    }
    return new Placed(join(parent, name), node);
  }

  private static List<Name> join(List<Name> parent, Name name) {
    Name[] path = parent.toArray(new Name[parent.size() + 1]);
    path[parent.size()] = name;
    return Arrays.asList(path);
  }

  /** Puts the whiteouts on the tree; nothing may be added afterwards. */
  public void finish() {
    whiteouts.putOn(root);
  }

  /** How many directories were made because a path leads through them. */
  public long implied() {
    return implied;
  }

  Directory root() {
    return root;
  }

  List<LowerLink> lowerLinks() {
    return lowerLinks;
  }

  int layer() {
    return layer;
  }

  private Placed describeRoot(LayerEntry entry) throws FlattenException {
    if (entry.type() != EntryType.DIRECTORY) {
      throw new FlattenException(
          "path "
              + Escapes.quote(Escapes.escape(entry.path()))
              + ": expected the root to be a directory, found "
              + entry.type());
    }
    root.describe(entry, attributes.of(entry));
    return new Placed(List.of(), root);
  }

  private static boolean isAufs(List<Name> names) {
    for (Name name : names) {
      if (LayerPath.isWhiteout(name) && AUFS_NAMES.stream().anyMatch(name::is)) {
        return true;
      }
    }
    return false;
  }

  private void addWhiteout(List<Name> parent, Name name, LayerEntry entry) throws FlattenException {
    if (name.is(OPAQUE)) {
      whiteouts.at(parent).hideAll();
      return;
    }
    Name hidden = LayerPath.hidden(name);
    if (hidden.length() == 0 || hidden.is(".") || hidden.is("..")) {
      throw new FlattenException(
          "whiteout "
              + Escapes.escape(entry.path())
              + ": expected a name after .wh., found "
              + (hidden.length() == 0 ? "nothing" : hidden.toString()));
    }
    whiteouts.at(parent).hide(hidden);
  }

  private Directory makeParents(List<Name> parent, LayerEntry entry) throws FlattenException {
    Directory directory = root;
    for (int i = 0; i < parent.size(); i++) {
      Node child = directory.child(parent.get(i));
      if (child == null) {
        child = Directory.implied();
        directory.put(parent.get(i), child);
        implied++;
      }
      if (!(child instanceof Directory next)) {
        throw new FlattenException(
            "path "
                + Escapes.escape(entry.path())
                + ": expected "
                + LayerPath.show(parent.subList(0, i + 1))
                + " to be a directory, but this layer has it as "
                + (child instanceof LowerLink ? "a hard link to a lower layer's file" : "a file"));
      }
      directory = next;
    }
    return directory;
  }

  private Node placeDirectory(Directory parent, Name name, LayerEntry entry) {
    Directory directory =
        parent.child(name) instanceof Directory there ? there : Directory.implied();
    directory.describe(entry, attributes.of(entry));
    return directory;
  }

  private Node symlink(LayerEntry entry) throws FlattenException {
    int length = entry.target().length;
    if (length == 0 || length > LayerPath.MAX_PATH) {
      throw new FlattenException(
          "symlink "
              + Escapes.escape(entry.path())
              + ": expected a target of 1 to "
              + LayerPath.MAX_PATH
              + " bytes, found "
              + length);
    }
    for (byte b : entry.target()) {
      if (b == 0) {
        throw new FlattenException(
            "symlink "
                + Escapes.escape(entry.path())
                + ": expected no NUL in its target, found one");
      }
    }
    return new Symlink(entry, attributes.of(entry));
  }

  /** Linux has 12 bits for a major number and 20 for a minor one (MINORBITS in linux/kdev_t.h). */
  private Node specialFile(LayerEntry entry) throws FlattenException {
    if ((entry.major() & ~0xfff) != 0 || (entry.minor() & ~0xfffff) != 0) {
      throw new FlattenException(
          "device "
              + Escapes.escape(entry.path())
              + ": expected a number of at most 4095:1048575, found "
              + Integer.toUnsignedString(entry.major())
              + ":"
              + Integer.toUnsignedString(entry.minor()));
    }
    return new SpecialFileNode(entry, attributes.of(entry));
  }

  private Node hardLink(LayerEntry entry, List<Name> own) throws FlattenException {
    List<Name> names = LayerPath.parse(entry.target());
    String what =
        "hard link " + Escapes.escape(entry.path()) + " to " + Escapes.escape(entry.target());
    if (names.isEmpty()) {
      throw new FlattenException(what + ": expected a file, found the root directory");
    }
    List<Name> target =
        new ArrayList<>(resolver.resolve(names.subList(0, names.size() - 1), entry.target()));
    target.add(names.getLast());
    if (target.size() >= own.size() && target.subList(0, own.size()).equals(own)) {
      // Who unpacks a layer removes what stands in an entry's place first.
      throw new FlattenException(
          what + ": expected another file as its target, but the link takes that one's place");
    }
    Node node = resolver.find(target);
    if (node instanceof Directory) {
      throw new FlattenException(what + ": expected a file, found a directory");
    }
    if (node != null) {
      return node;
    }
    LowerLink link =
        new LowerLink(
            List.copyOf(target),
            layer,
            resolver.directories(target),
            placedLater,
            lowerLinks.size(),
            label + ", " + what);
    lowerLinks.add(link);
    return link;
  }
}

package io.daxconv.converter.tree;

import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts entries into a tree that is complete. Parents that are missing are made; symlinks on the way
 * are followed inside the root, so that {@code /lib/x} goes to {@code /usr/lib/x} where one leads
 * there.
 */
public final class AddedEntries {
  private final Directory root;
  private final LayerPathResolver resolver;
  private long ordinal;

  /** Adds to the tree below a root. */
  public AddedEntries(Directory root) {
    this.root = root;
    this.resolver = new LayerPathResolver(root);
  }

  /**
   * Where an entry came to stand.
   *
   * @param path with {@link io.daxconv.converter.text.Escapes}
   * @param node what stands there now
   * @param replaced whether a file that was there is gone
   */
  public record Placed(String path, Node node, boolean replaced) {}

  /**
   * Puts an entry to its path: a file in the place of a file, a directory over a directory, whose
   * metadata stays unless the new one's is to count.
   *
   * @param describes whether the metadata of a directory counts where there is one already
   * @throws FlattenException if it cannot stand there
   */
  public Placed put(LayerEntry entry, boolean describes) throws FlattenException {
    List<Name> names = LayerPath.parse(entry.path());
    boolean isDirectory = entry.type() == EntryType.DIRECTORY;
    return isDirectory ? directory(names, entry, describes) : file(names, entry);
  }

  private Placed directory(List<Name> names, LayerEntry entry, boolean describes)
      throws FlattenException {
    List<Name> path = resolver.resolve(names, entry.path());
    boolean known = resolver.find(path) != null;
    Directory directory = makeDirectories(path);
    if (!known || describes) {
      directory.describe(entry, Attributes.of(entry));
    }
    return new Placed(LayerPath.show(path), directory, false);
  }

  private Placed file(List<Name> names, LayerEntry entry) throws FlattenException {
    if (names.isEmpty()) {
      throw new FlattenException("path /: expected a directory there, found a file to put there");
    }
    List<Name> path =
        new ArrayList<>(resolver.resolve(names.subList(0, names.size() - 1), entry.path()));
    Directory parent = makeDirectories(path);
    path.add(names.getLast());
    LayerPath.checkLength(path, entry.path());
    if (parent.child(names.getLast()) instanceof Directory) {
      throw new FlattenException(
          "path "
              + LayerPath.show(path)
              + ": expected a file or nothing there, found a directory; name the file's own path");
    }
    Node node = node(entry);
    boolean replaced = parent.put(names.getLast(), node) != null;
    return new Placed(LayerPath.show(path), node, replaced);
  }

  private Node node(LayerEntry entry) throws FlattenException {
    Attributes attributes = Attributes.of(entry);
    return switch (entry.type()) {
      case REGULAR -> new RegularFile(entry, attributes, 0, ordinal++);
      case SYMLINK -> new Symlink(entry, attributes);
      case HARD_LINK -> linked(entry);
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> new SpecialFileNode(entry, attributes);
      case DIRECTORY -> throw new IllegalStateException("a directory");
    };
  }

  private Node linked(LayerEntry entry) throws FlattenException {
    List<Name> names = LayerPath.parse(entry.target());
    List<Name> path =
        new ArrayList<>(resolver.resolve(names.subList(0, names.size() - 1), entry.target()));
    path.add(names.getLast());
    Node node = resolver.find(path);
    if (node == null) {
      throw new FlattenException("hard link to " + LayerPath.show(path) + ": found nothing there");
    }
    return node;
  }

  private Directory makeDirectories(List<Name> path) throws FlattenException {
    Directory directory = root;
    for (int i = 0; i < path.size(); i++) {
      Node child = directory.child(path.get(i));
      if (child == null) {
        child = Directory.implied();
        directory.put(path.get(i), child);
      }
      if (!(child instanceof Directory next)) {
        throw new FlattenException(
            "path "
                + LayerPath.show(path.subList(0, i + 1))
                + ": expected a directory or nothing there, found a file");
      }
      directory = next;
    }
    return directory;
  }
}

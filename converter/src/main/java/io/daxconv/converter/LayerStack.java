package io.daxconv.converter;

import io.daxconv.converter.layer.EntryReader;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.TarLayerReader;
import io.daxconv.converter.linux.DirectoryReader;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.DirectoryLayer;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.StoredLayer;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.stored.StoredLayerReader;
import io.daxconv.converter.text.Escapes;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.FlattenException;
import io.daxconv.converter.tree.LayerTree;
import io.daxconv.converter.tree.MergedTree;
import io.daxconv.converter.tree.PathWalk;
import io.daxconv.converter.tree.RegularFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an image's layers from the newest down and stacks them, storing the bytes of the files that
 * can be seen in the end. A few layers are read ahead; they are stacked in order, so the result
 * does not depend on how many.
 */
final class LayerStack implements Closeable {
  private final List<Layer> layers;
  private final int jobs;
  private final Budgets budgets;
  private final ConversionListener listener;
  private final FileStore store;

  private final MergedTree merged = new MergedTree();
  private final LayerCosts costs;
  private final @Nullable EntryReader[] readers;
  private final @Nullable Digest[] diffIds;

  /** Takes the bytes of one regular file, which must be copied before the next entry is read. */
  @FunctionalInterface
  interface FileStore {
    /**
     * Stores the file's bytes and gives it its extent.
     *
     * @param reader has just given the file's entry
     */
    void store(RegularFile file, EntryReader reader) throws IOException;
  }

  LayerStack(
      List<Layer> layers, int jobs, Budgets budgets, ConversionListener listener, FileStore store) {
    this.layers = layers;
    this.budgets = budgets;
    this.costs = new LayerCosts(budgets);
    this.jobs = jobs;
    this.listener = listener;
    this.store = store;
    this.readers = new EntryReader[layers.size()];
    this.diffIds = new Digest[layers.size()];
  }

  /** The image's tree; every regular file in it has been stored. */
  Directory flatten() throws IOException {
    costs.checkLayers(layers);
    for (int i = layers.size() - 1; i >= 0; i--) {
      for (int ahead = i; ahead > Math.max(-1, i - jobs); ahead--) {
        start(ahead);
      }
      readLayer(i);
    }
    Directory root;
    try {
      root = merged.finish();
    } catch (FlattenException e) {
      throw new LayerException(e.getMessage(), e);
    }
    storeMissing(root);
    return root;
  }

  MergedTree merged() {
    return merged;
  }

  /** The digests of the uncompressed layers, oldest first; none for a directory. */
  List<Digest> diffIds() {
    List<Digest> known = new ArrayList<>();
    for (Digest diffId : diffIds) {
      if (diffId != null) {
        known.add(diffId);
      }
    }
    return known;
  }

  private EntryReader start(int index) {
    EntryReader reader = readers[index];
    if (reader == null) {
      Layer layer = layers.get(index);
      long total = layer instanceof TarLayer tar ? tar.size() : -1;
      listener.layerStarted(layer, index, total);
      reader = open(layer, index);
      readers[index] = reader;
    }
    return reader;
  }

  private EntryReader open(Layer layer, int index) {
    return switch (layer) {
      case TarLayer tar ->
          new TarLayerReader(tar, budgets, read -> listener.layerProgress(index, read));
      case DirectoryLayer directory -> new DirectoryReader(directory);
      case StoredLayer stored -> new StoredLayerReader(stored);
    };
  }

  private void readLayer(int index) throws IOException {
    Layer layer = layers.get(index);
    LayerTree tree = new LayerTree(layer.label(), index);
    costs.beginLayer();
    try (EntryReader reader = start(index)) {
      long entries = 0;
      for (LayerEntry entry = reader.next(); entry != null; entry = reader.next()) {
        entries++;
        costs.add(layer, entry);
        LayerTree.Placed placed = place(tree, layer, entry);
        costs.addImplied(layer, entry, tree.implied());
        if (placed != null) {
          costs.checkPath(layer, entry, placed.path());
        }
        if (placed != null
            && placed.node() instanceof RegularFile file
            && file.ordinal() == entries - 1
            && merged.admits(placed.path())) {
          store.store(file, reader);
        }
      }
      EntryReader.Totals totals = reader.finish();
      diffIds[index] = reader.diffId();
      listener.layerFinished(index, totals.blobBytes(), totals.tarBytes(), entries);
    }
    readers[index] = null;
    tree.finish();
    try {
      merged.addLower(tree);
    } catch (FlattenException e) {
      throw new LayerException(e.getMessage(), e);
    }
  }

  private static LayerTree.@Nullable Placed place(LayerTree tree, Layer layer, LayerEntry entry)
      throws LayerException {
    try {
      return tree.add(entry);
    } catch (FlattenException e) {
      throw new LayerException(layer.label() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads layers a second time for files that seemed hidden and are not: a name that a newer layer
   * hides can have another one in a layer below, as a hard link that comes later.
   */
  private void storeMissing(Directory root) throws IOException {
    Map<Integer, Map<Long, RegularFile>> missing = new HashMap<>();
    collectMissing(root, missing);
    for (int i = layers.size() - 1; i >= 0; i--) {
      Map<Long, RegularFile> files = missing.get(i);
      if (files != null) {
        storeMissing(layers.get(i), i, files);
      }
    }
  }

  private void storeMissing(Layer layer, int index, Map<Long, RegularFile> files)
      throws IOException {
    try (EntryReader reader = open(layer, index)) {
      long ordinal = 0;
      for (LayerEntry entry = reader.next(); entry != null; entry = reader.next()) {
        RegularFile file = files.remove(ordinal++);
        if (file != null) {
          if (file.size() != entry.size()) {
            throw new LayerException(
                layer.label()
                    + ", "
                    + Escapes.escape(entry.path())
                    + ": changed between two reads");
          }
          store.store(file, reader);
        }
      }
      reader.finish();
      if (!files.isEmpty()) {
        throw new LayerException(layer.label() + ": has fewer entries when read again");
      }
    }
  }

  private static void collectMissing(Directory root, Map<Integer, Map<Long, RegularFile>> missing) {
    for (PathWalk walk = new PathWalk(root); walk.next(); ) {
      if (walk.node() instanceof RegularFile file && file.extent() == RegularFile.UNSTORED) {
        missing.computeIfAbsent(file.layer(), i -> new HashMap<>()).put(file.ordinal(), file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (EntryReader reader : readers) {
      if (reader != null) {
        reader.close();
      }
    }
  }
}

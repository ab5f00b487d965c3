package io.daxconv.converter;

import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.text.Escapes;
import io.daxconv.converter.tree.Name;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What the entries of an image's layers cost so far, held against the budgets one by one. */
public final class LayerCosts {
  /** A header, and what data is padded to (POSIX.1-2017, pax, "ustar Interchange Format"). */
  private static final int TAR_BLOCK = 512;

  private static final int LONGEST_SHOWN = 200;

  private final Budgets budgets;
  private long entries;
  private long bytes;
  private long holes;
  private long xattrBytes;
  private long tarBytes;
  private long impliedInLayer;

  /** Nothing so far. */
  public LayerCosts(Budgets budgets) {
    this.budgets = budgets;
  }

  /** Checks what is known before any layer is read. */
  void checkLayers(List<Layer> layers) throws BudgetException {
    budgets.check(Budget.LAYERS, layers.size(), "image");
    for (Layer layer : layers) {
      if (layer instanceof TarLayer tar) {
        budgets.check(Budget.BLOB_SIZE, tar.size(), layer.label());
      }
    }
  }

  /** The entries that follow are another layer's. */
  public void beginLayer() {
    tarBytes = 0;
    impliedInLayer = 0;
  }

  /** Counts the next entry of the layer, before anything of it is kept or its data read. */
  public void add(Layer layer, LayerEntry entry) throws BudgetException {
    long stored = entry.sparse() == null ? entry.size() : entry.sparse().storedSize();
    check(Budget.ENTRIES, ++entries, layer, entry);
    check(Budget.FILE_SIZE, entry.size(), layer, entry);
    bytes += entry.size();
    check(Budget.BYTES, bytes, layer, entry);
    holes += entry.size() - stored;
    check(Budget.HOLES, holes, layer, entry);
    if (!entry.xattrs().isEmpty()) {
      addXattrs(layer, entry);
    }
    if (layer instanceof TarLayer tar && tar.size() >= 0) {
      addTarBytes(layer, tar.size(), entry, stored);
    }
  }

  /**
   * Counts directories that nobody listed, as entries: a path can ask for two thousand of them.
   *
   * @param implied how many the layer has so far
   */
  void addImplied(Layer layer, LayerEntry entry, long implied) throws BudgetException {
    if (implied > impliedInLayer) {
      entries += implied - impliedInLayer;
      impliedInLayer = implied;
      check(Budget.ENTRIES, entries, layer, entry);
    }
  }

  private void addXattrs(Layer layer, LayerEntry entry) throws BudgetException {
    long size = 0;
    for (Map.Entry<String, byte[]> xattr : entry.xattrs().byName().entrySet()) {
      size += xattr.getKey().length() + xattr.getValue().length + Budgets.XATTR_COST;
    }
    check(Budget.ENTRY_XATTR_BYTES, size, layer, entry);
    xattrBytes += size;
    check(Budget.XATTR_BYTES, xattrBytes, layer, entry);
  }

  /** Without extended headers, so perhaps fewer than there are, but never more. */
  private void addTarBytes(Layer layer, long blobBytes, LayerEntry entry, long stored)
      throws BudgetException {
    tarBytes += TAR_BLOCK + stored;
    if (tarBytes > Budgets.UNSUSPECTED) {
      budgets.checkExpansion(blobBytes, tarBytes, where(layer, entry));
    }
  }

  /** Checks where an entry came to stand. */
  void checkPath(Layer layer, LayerEntry entry, List<Name> path) throws BudgetException {
    check(Budget.PATH_DEPTH, path.size(), layer, entry);
    long length = path.size();
    for (Name name : path) {
      length += name.length();
    }
    check(Budget.PATH_LENGTH, length, layer, entry);
  }

  /** Says where only if it must: this is asked for every entry. */
  private void check(Budget budget, long found, Layer layer, LayerEntry entry)
      throws BudgetException {
    if (found > budgets.limit(budget)) {
      budgets.check(budget, found, where(layer, entry));
    }
  }

  private static String where(Layer layer, LayerEntry entry) {
    byte[] path = entry.path();
    byte[] shown = Arrays.copyOf(path, Math.min(path.length, LONGEST_SHOWN));
    return layer.label() + ", " + Escapes.escape(shown) + (shown.length < path.length ? "…" : "");
  }
}

package io.daxconv.converter.tree;

import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.Xattrs;

/**
 * What many files have in common, so that they can share it.
 *
 * @param permissions the low twelve bits of the mode
 * @param uid the owner, unsigned 32 bits
 * @param gid the group, unsigned 32 bits
 * @param xattrs extended attributes
 */
record Attributes(int permissions, int uid, int gid, Xattrs xattrs) {
  /** Those of an entry. */
  static Attributes of(LayerEntry entry) {
    // Linux has no permissions of symlinks: lstat shows all of them for every one.
    int permissions = entry.type() == EntryType.SYMLINK ? 0777 : entry.permissions();
    return new Attributes(permissions, entry.uid(), entry.gid(), entry.xattrs());
  }

  /** The same with other xattrs. */
  Attributes with(Xattrs replaced) {
    return new Attributes(permissions, uid, gid, replaced);
  }

  /**
   * Those of recent entries. Its size is fixed: files that have all different ones share nothing,
   * but cost no more for that.
   */
  static final class Recent {
    private static final int SLOTS = 1 << 8;

    private final Attributes[] slots = new Attributes[SLOTS];

    /** The attributes of an entry, shared with an earlier one where that can be. */
    Attributes of(LayerEntry entry) {
      Attributes wanted = Attributes.of(entry);
      int hash = wanted.hashCode() * 0x9e3779b9;
      int slot = hash >>> (Integer.SIZE - 8);
      if (!wanted.equals(slots[slot])) {
        slots[slot] = wanted;
      }
      return slots[slot];
    }
  }
}

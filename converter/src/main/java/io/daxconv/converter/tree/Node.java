package io.daxconv.converter.tree;

import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.Xattrs;

/**
 * A file of any type: what an inode is. Names are kept in the directories; a node with several
 * names stands in several directories, or several times in one.
 */
public abstract sealed class Node
    permits Directory, RegularFile, Symlink, SpecialFileNode, LowerLink {
  private int permissions;
  private int uid;
  private int gid;
  private int mtimeNanos;
  private int inode;
  private long mtimeSeconds;
  private Xattrs xattrs = Xattrs.NONE;

  Node(int permissions) {
    this.permissions = permissions;
  }

  Node(LayerEntry entry) {
    setMetadata(entry);
  }

  final void setMetadata(LayerEntry entry) {
    // Linux has no permissions of symlinks: lstat shows all of them for every one.
    permissions = entry.type() == EntryType.SYMLINK ? 0777 : entry.permissions();
    uid = entry.uid();
    gid = entry.gid();
    mtimeSeconds = entry.mtimeSeconds();
    mtimeNanos = entry.mtimeNanos();
    xattrs = entry.xattrs();
  }

  final void setMetadata(Node other) {
    permissions = other.permissions;
    uid = other.uid;
    gid = other.gid;
    mtimeSeconds = other.mtimeSeconds;
    mtimeNanos = other.mtimeNanos;
    xattrs = other.xattrs;
  }

  /** The low twelve bits of the mode. */
  public final int permissions() {
    return permissions;
  }

  /** The owner, unsigned 32 bits. */
  public final int uid() {
    return uid;
  }

  /** The group, unsigned 32 bits. */
  public final int gid() {
    return gid;
  }

  /** Seconds since 1970. */
  public final long mtimeSeconds() {
    return mtimeSeconds;
  }

  /** 0 to 999,999,999, counted up from the seconds. */
  public final int mtimeNanos() {
    return mtimeNanos;
  }

  /** The inode number that the plan of an image gave it, unsigned; 0 before. */
  public final int inode() {
    return inode;
  }

  /** Kept here and not in a map: an image may have many millions. */
  public final void setInode(int number) {
    inode = number;
  }

  public final Xattrs xattrs() {
    return xattrs;
  }

  /** Replaces the xattrs, by those that an image may keep. */
  public final void setXattrs(Xattrs replaced) {
    xattrs = replaced;
  }
}

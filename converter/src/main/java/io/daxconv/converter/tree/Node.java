package io.daxconv.converter.tree;

import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.Xattrs;

/**
 * A file of any type: what an inode is. Names are kept in the directories; a node with several
 * names stands in several directories, or several times in one.
 *
 * <p>An image may have many millions, so the numbers that its plan gives each stand here and in no
 * map, and what files have in common is shared.
 */
public abstract sealed class Node
    permits Directory, RegularFile, Symlink, SpecialFileNode, LowerLink {
  private Attributes attributes;
  private int mtimeNanos;
  private int inode;
  private int links;
  private long mtimeSeconds;

  Node(Attributes attributes) {
    this.attributes = attributes;
  }

  Node(LayerEntry entry, Attributes attributes) {
    this.attributes = attributes;
    this.mtimeSeconds = entry.mtimeSeconds();
    this.mtimeNanos = entry.mtimeNanos();
  }

  final void setMetadata(LayerEntry entry, Attributes attributes) {
    this.attributes = attributes;
    mtimeSeconds = entry.mtimeSeconds();
    mtimeNanos = entry.mtimeNanos();
  }

  final void setMetadata(Node other) {
    attributes = other.attributes;
    mtimeSeconds = other.mtimeSeconds;
    mtimeNanos = other.mtimeNanos;
  }

  /** The low twelve bits of the mode. */
  public final int permissions() {
    return attributes.permissions();
  }

  /** The owner, unsigned 32 bits. */
  public final int uid() {
    return attributes.uid();
  }

  /** The group, unsigned 32 bits. */
  public final int gid() {
    return attributes.gid();
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

  public final void setInode(int number) {
    inode = number;
  }

  /** The link count that the plan of an image gave it. */
  public final int links() {
    return links;
  }

  public final void setLinks(int count) {
    links = count;
  }

  final Attributes attributes() {
    return attributes;
  }

  final void setAttributes(Attributes replaced) {
    attributes = replaced;
  }

  public final Xattrs xattrs() {
    return attributes.xattrs();
  }

  /** Replaces the xattrs, by those that an image may keep. */
  public final void setXattrs(Xattrs replaced) {
    // Most often they are the same, and stay shared.
    if (!replaced.equals(attributes.xattrs())) {
      attributes = attributes.with(replaced);
    }
  }
}

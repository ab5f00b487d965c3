package io.daxconv.converter.erofs;

import io.daxconv.converter.daxfs.BuiltImage;

/**
 * An image in memory with an EROFS view that knows where its parts stand.
 *
 * @param view its inodes, directory entries ({@code /dir/.} among them) and data, by path; of data
 *     the blocks, or the tail where there are none
 * @param daxfs the same bytes, with the places of the DAXFS image
 * @param metadata where the slot of nid 0 stands
 */
public record BuiltView(BuiltImage view, BuiltImage daxfs, long metadata) {
  /** The nid of a path. */
  public long nid(String path) {
    return (view.inode(path) - metadata) / ErofsInode.SLOT;
  }

  /** Puts the checksum right after a change to the first block. */
  public BuiltView sealed() {
    ErofsSuperblock.seal(view.bytes());
    return this;
  }
}

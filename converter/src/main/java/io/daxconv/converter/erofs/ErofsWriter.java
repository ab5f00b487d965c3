package io.daxconv.converter.erofs;

import io.daxconv.converter.format.RegionWriter;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.Symlink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Writes the metadata of the EROFS view; its regular data is the DAXFS view's. */
public final class ErofsWriter {
  private final ErofsPlan plan;
  private final RegionWriter region;

  /** Where the blocks of the next inode will stand. */
  private long blocksAt;

  private ErofsWriter(ErofsPlan plan, RegionWriter region) {
    this.plan = plan;
    this.region = region;
    this.blocksAt = plan.blocks();
  }

  /**
   * Writes everything but the superblock.
   *
   * @param region stands where the plan starts; afterwards where it ends
   */
  public static void write(ErofsPlan plan, RegionWriter region) throws IOException {
    ErofsWriter writer = new ErofsWriter(plan, region);
    for (Node node : plan.nodes()) {
      writer.writeInode(node);
    }
    region.padTo(plan.blocks());
    for (Node node : plan.nodes()) {
      writer.writeBlocks(node);
    }
    region.padTo(plan.end());
  }

  private void writeInode(Node node) throws IOException {
    region.padTo(plan.position(node));
    ErofsPlan.Shape shape = plan.shape(node);
    MemorySegment bytes = region.next(shape.bytes());
    plan.inode(node, shape, blocksAt).write(bytes, 0);
    blocksAt += shape.blockRoom();
    shape.xattrs().write(bytes, shape.inodeBytes());
    if (shape.tail() > 0) {
      writeTail(node, bytes.asSlice(shape.bytes() - shape.tail()));
    }
  }

  private void writeTail(Node node, MemorySegment tail) throws IOException {
    switch (node) {
      case Symlink symlink -> tail.copyFrom(MemorySegment.ofArray(symlink.target()));
      case Directory directory -> {
        DirectoryBlocks blocks = plan.blocks(directory);
        blocks.cut(
            (cut, bytes) -> {
              if (blocks.isLast(cut)) {
                blocks.write(cut, tail, plan::nid);
              }
            });
      }
      default -> throw new IllegalStateException("no tail: " + node.getClass());
    }
  }

  private void writeBlocks(Node node) throws IOException {
    ErofsPlan.Shape shape = plan.shape(node);
    if (shape.blockBytes() == 0) {
      return;
    }
    switch (node) {
      case Symlink symlink ->
          region.next(ErofsSuperblock.BLOCK_SIZE).copyFrom(MemorySegment.ofArray(symlink.target()));
      case Directory directory -> {
        DirectoryBlocks blocks = plan.blocks(directory);
        blocks.cut(
            (cut, bytes) -> {
              if (shape.tail() == 0 || !blocks.isLast(cut)) {
                blocks.write(cut, region.next(ErofsSuperblock.BLOCK_SIZE), plan::nid);
              }
            });
      }
      default -> throw new IllegalStateException("no blocks: " + node.getClass());
    }
  }
}

package io.daxconv.converter.daxfs;

import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.format.RegionWriter;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Name;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.RegularFile;
import io.daxconv.converter.tree.SpecialFileNode;
import io.daxconv.converter.tree.Symlink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.Map;

/** Writes the metadata of a planned image around the regular data, which is in the file already. */
public final class DaxfsWriter {
  private final DaxfsPlan plan;
  private final FileChannel file;

  private DaxfsWriter(DaxfsPlan plan, FileChannel file) {
    this.plan = plan;
    this.file = file;
  }

  /**
   * Writes everything but the regular data, and gives the file its size.
   *
   * @param annex as long as the plan says
   */
  public static void write(DaxfsPlan plan, byte[] annex, FileChannel file) throws IOException {
    DaxfsWriter writer = new DaxfsWriter(plan, file);
    // Data may end before its last page does.
    try (RegionWriter region = new RegionWriter(file, plan.entries())) {
      writer.writeEntries(region);
      writer.writeTargets(region);
      writer.writeInodes(region);
      writer.writeOverlay(region);
      region.padTo(plan.annex());
      region.bytes(annex);
      region.padTo(plan.totalSize());
      region.finish();
    }
    writer.writeSuperblock(annex);
  }

  private void writeEntries(RegionWriter region) throws IOException {
    for (Node node : plan.inodes().nodes()) {
      if (node instanceof Directory directory) {
        for (Map.Entry<Name, Node> child : directory.children().entrySet()) {
          if (!(child.getValue() instanceof SpecialFileNode)) {
            byte[] name = child.getKey().bytes();
            new DirectoryEntry(
                    child.getValue().inode(), DaxfsPlan.mode(child.getValue()), name.length, name)
                .write(region.next(DirectoryEntry.STRIDE), 0);
          }
        }
      }
    }
  }

  private void writeTargets(RegionWriter region) throws IOException {
    region.padTo(plan.targets());
    for (Node node : plan.inodes().nodes()) {
      if (node instanceof Symlink symlink) {
        byte[] target = symlink.target();
        MemorySegment.copy(
            MemorySegment.ofArray(target), 0, region.next(target.length + 1), 0, target.length);
      }
    }
  }

  private void writeInodes(RegionWriter region) throws IOException {
    region.padTo(plan.inodeTable());
    long entries = plan.entries();
    long targets = plan.targets();
    for (Node node : plan.inodes().nodes()) {
      long size = 0;
      long at = plan.baseOffset();
      switch (node) {
        case Directory directory -> {
          size = (long) DirectoryEntry.COUNTED_SIZE * InodeTable.held(directory);
          at = size == 0 ? at : entries;
          entries += DaxfsPlan.entryBytes(node);
        }
        case Symlink symlink -> {
          size = symlink.target().length;
          at = targets;
          targets += DaxfsPlan.targetBytes(node);
        }
        case RegularFile regular -> {
          size = regular.size();
          at = size == 0 ? at : regular.extent();
        }
        default -> throw new IllegalStateException("DAXFS holds no " + node.getClass());
      }
      new InodeEntry(
              node.inode(),
              DaxfsPlan.mode(node),
              node.uid(),
              node.gid(),
              size,
              at - plan.baseOffset(),
              plan.inodes().links(node))
          .write(region.next(InodeEntry.SIZE), 0);
    }
    region.padTo(plan.baseEnd());
  }

  private void writeOverlay(RegionWriter region) throws IOException {
    if (plan.overlay() != 0) {
      OverlayHeader.smallest(plan.pageSize(), plan.inodes().count())
          .write(region.next(plan.pageSize()), 0);
      region.padTo(plan.overlay() + 2L * plan.pageSize());
    }
  }

  private void writeSuperblock(byte[] annex) throws IOException {
    try (RegionWriter region = new RegionWriter(file, 0)) {
      MemorySegment block = region.next(plan.pageSize());
      plan.superblock().write(block, 0);
      new AnnexPointer(AnnexPointer.VERSION, plan.annex(), annex.length, Digest.sha256(annex))
          .write(block);
      region.finish();
    }
  }
}

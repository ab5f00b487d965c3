package io.daxconv.converter.daxfs;

import io.daxconv.converter.format.RegionWriter;
import io.daxconv.converter.tree.Children;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.RegularFile;
import io.daxconv.converter.tree.SpecialFileNode;
import io.daxconv.converter.tree.Symlink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Writes the metadata of the DAXFS view behind the regular data, which is in the file already. */
public final class DaxfsWriter {
  private final DaxfsPlan plan;
  private final RegionWriter region;

  private DaxfsWriter(DaxfsPlan plan, RegionWriter region) {
    this.plan = plan;
    this.region = region;
  }

  /**
   * Writes everything but regular data and superblock.
   *
   * @param region stands where the plan has the directory entries; afterwards at the plan's end
   */
  public static void write(DaxfsPlan plan, RegionWriter region) throws IOException {
    DaxfsWriter writer = new DaxfsWriter(plan, region);
    writer.writeEntries();
    writer.writeTargets();
    writer.writeInodes();
    writer.writeOverlay();
    writer.writePageCache();
  }

  private void writeEntries() throws IOException {
    for (Node node : plan.inodes().nodes()) {
      if (node instanceof Directory directory) {
        writeEntries(directory.children());
      }
    }
  }

  private void writeEntries(Children children) throws IOException {
    for (int i = 0; i < children.size(); i++) {
      Node child = children.node(i);
      if (!(child instanceof SpecialFileNode)) {
        byte[] name = children.name(i);
        new DirectoryEntry(child.inode(), FileMode.of(child), name.length, name)
            .write(region.next(DirectoryEntry.STRIDE), 0);
      }
    }
  }

  private void writeTargets() throws IOException {
    region.padTo(plan.targets());
    for (Node node : plan.inodes().nodes()) {
      if (node instanceof Symlink symlink) {
        byte[] target = symlink.target();
        MemorySegment.copy(
            MemorySegment.ofArray(target), 0, region.next(target.length + 1), 0, target.length);
      }
    }
  }

  private void writeInodes() throws IOException {
    region.padTo(plan.inodeTable());
    long entries = plan.entries();
    long targets = plan.targets();
    for (Node node : plan.inodes().nodes()) {
      long size = 0;
      long at = 0;
      switch (node) {
        case Directory directory -> {
          size = (long) DirectoryEntry.COUNTED_SIZE * InodeTable.held(directory);
          at = size == 0 ? 0 : entries - plan.baseOffset();
          entries += DaxfsPlan.entryBytes(node);
        }
        case Symlink symlink -> {
          size = symlink.target().length;
          at = targets - plan.baseOffset();
          targets += DaxfsPlan.targetBytes(node);
        }
        case RegularFile regular -> {
          size = regular.size();
          at = size == 0 ? 0 : plan.dataOffset(regular.extent());
        }
        default -> throw new IllegalStateException("DAXFS holds no " + node.getClass());
      }
      new InodeEntry(
              node.inode(), FileMode.of(node), node.uid(), node.gid(), size, at, node.links())
          .write(region.next(InodeEntry.SIZE), 0);
    }
    region.padTo(plan.baseEnd());
  }

  private void writeOverlay() throws IOException {
    OverlaySize size = plan.overlaySize();
    if (size != null) {
      size.header(plan.pageSize(), plan.inodes().count() + 1L)
          .write(region.next(plan.pageSize()), 0);
      region.holeTo(plan.overlay() + size.bytes(plan.pageSize()));
    }
  }

  private void writePageCache() throws IOException {
    PageCacheSize size = plan.pageCacheSize();
    if (size != null) {
      size.header(plan.pageSize()).write(region.next(plan.pageSize()), 0);
      region.holeTo(plan.pageCache() + size.bytes(plan.pageSize()));
    }
  }
}

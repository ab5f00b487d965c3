package io.daxconv.converter.erofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.daxfs.InodeTable;
import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.Xattrs;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.LayerTree;
import io.daxconv.converter.tree.MergedTree;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.PathWalk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Forms and places of inodes, before anything is written. */
class ErofsPlanTest {
  private static final long START = 8 * 4096;

  private final LayerTree layer = new LayerTree("layer", 0);

  private LayerEntry entry(EntryType type, String path, int uid, long mtime, int xattrSize) {
    Xattrs xattrs =
        xattrSize == 0
            ? Xattrs.NONE
            : Xattrs.of(new TreeMap<>(Map.of("user.x", new byte[xattrSize])));
    byte[] target = type == EntryType.SYMLINK ? new byte[] {'t'} : new byte[0];
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    return new LayerEntry(type, name, target, 0, null, 0644, uid, 0, mtime, 0, 0, 0, xattrs);
  }

  private void add(EntryType type, String path, int uid, long mtime, int xattrSize)
      throws IOException {
    layer.add(entry(type, path, uid, mtime, xattrSize));
  }

  private Directory merged() throws IOException {
    layer.finish();
    MergedTree merged = new MergedTree();
    merged.addLower(layer);
    return merged.finish();
  }

  private static Node at(Directory root, String path) {
    for (PathWalk walk = new PathWalk(root); walk.next(); ) {
      if (path.equals(new String(walk.path(), StandardCharsets.UTF_8))) {
        return walk.node();
      }
    }
    throw new AssertionError(path);
  }

  private static boolean isCompact(ErofsPlan plan, Node node) {
    return !plan.inode(node, plan.shape(node), plan.blocks()).extended();
  }

  @Test
  void inodesAreCompactWhereTheyLoseNothing() throws IOException {
    add(EntryType.REGULAR, "common", 0, 7, 0);
    add(EntryType.REGULAR, "common2", 65535, 7, 0);
    add(EntryType.REGULAR, "other-time", 0, 8, 0);
    add(EntryType.REGULAR, "large-uid", 65536, 7, 0);
    add(EntryType.DIRECTORY, ".", 0, 7, 0);
    Directory root = merged();

    ErofsPlan plan = ErofsPlan.of(InodeTable.of(root), START);

    assertThat(plan.superblock(START, new byte[16]).buildTime()).isEqualTo(7);
    assertThat(isCompact(plan, at(root, "/common"))).isTrue();
    assertThat(isCompact(plan, at(root, "/common2"))).isTrue();
    assertThat(isCompact(plan, root)).isTrue();
    assertThat(isCompact(plan, at(root, "/other-time"))).isFalse();
    assertThat(isCompact(plan, at(root, "/large-uid"))).isFalse();
  }

  @Test
  void theRootIsFirstAndNidsFollowInOrder() throws IOException {
    add(EntryType.DIRECTORY, "d", 0, 0, 0);
    add(EntryType.FIFO, "f", 0, 0, 0);
    add(EntryType.SYMLINK, "l", 0, 0, 0);
    Directory root = merged();

    ErofsPlan plan = ErofsPlan.of(InodeTable.of(root), START);

    assertThat(plan.nid(root)).isOne();
    assertThat(plan.position(root)).isEqualTo(START + 32);
    assertThat(plan.nid(at(root, "/d"))).isGreaterThan(plan.nid(root));
    // What DAXFS cannot hold stands behind the rest.
    assertThat(plan.nid(at(root, "/f"))).isGreaterThan(plan.nid(at(root, "/l")));
    assertThat(plan.inode(at(root, "/l"), plan.shape(at(root, "/l")), plan.blocks()).dataLayout())
        .isEqualTo(ErofsInode.FLAT_INLINE);
  }

  @Test
  void whatStandsTogetherNeverCrossesABlock() throws IOException {
    for (int i = 0; i < 300; i++) {
      add(EntryType.DIRECTORY, "d" + i, i % 3 * 40_000, i % 5, i % 7 == 0 ? 37 * i : 0);
      add(EntryType.SYMLINK, "d" + i + "/" + "n".repeat(1 + i % 250), 0, i % 2, i % 50);
    }
    Directory root = merged();

    ErofsPlan plan = ErofsPlan.of(InodeTable.of(root), START);

    long before = START;
    for (Node node : plan.nodes()) {
      ErofsPlan.Shape shape = plan.shape(node);
      long at = plan.position(node);
      assertThat(at).isGreaterThanOrEqualTo(before).isEqualTo(at & -32);
      int together = shape.tail() > 0 ? shape.bytes() : shape.inodeBytes();
      assertThat(at / 4096).isEqualTo((at + together - 1) / 4096);
      before = at + shape.bytes();
    }
    assertThat(plan.blocks()).isGreaterThanOrEqualTo(before);
    assertThat(plan.end() % 4096).isZero();
  }

  @Test
  void whatDoesNotFitBehindItsInodeHasBlocksOfItsOwn() throws IOException {
    add(EntryType.DIRECTORY, "small", 0, 0, 0);
    add(EntryType.DIRECTORY, "marked", 0, 0, 5000);
    for (int i = 0; i < 200; i++) {
      add(EntryType.REGULAR, "large/" + "n".repeat(40) + i, 0, 0, 0);
    }
    Directory root = merged();

    ErofsPlan plan = ErofsPlan.of(InodeTable.of(root), START);

    assertThat(plan.shape(at(root, "/small")))
        .matches(shape -> shape.blockBytes() == 0 && shape.tail() == 27);
    assertThat(plan.shape(at(root, "/marked")))
        .matches(shape -> shape.blockBytes() == 27 && shape.tail() == 0);
    assertThat(plan.shape(at(root, "/large")).blockBytes() % 4096).isZero();
    assertThat(plan.shape(at(root, "/large")).blockBytes()).isPositive();
  }
}

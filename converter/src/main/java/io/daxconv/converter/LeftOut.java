package io.daxconv.converter;

import io.daxconv.converter.annex.FileXattrs;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.annex.SpecialFile;
import io.daxconv.converter.erofs.ErofsXattrs;
import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.Xattrs;
import io.daxconv.converter.text.Escapes;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.PathWalk;
import io.daxconv.converter.tree.SpecialFileNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Collects what a tree has that DAXFS cannot hold, and takes away what no image may have. */
final class LeftOut {
  private final List<FileXattrs> xattrs = new ArrayList<>();
  private final List<SpecialFile> specialFiles = new ArrayList<>();
  private final List<Remark> remarks = new ArrayList<>();
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  static LeftOut of(Directory root) {
    LeftOut leftOut = new LeftOut();
    leftOut.visit(new byte[] {'/'}, root);
    for (PathWalk walk = new PathWalk(root); walk.next(); ) {
      if (walk.node() instanceof SpecialFileNode || !walk.node().xattrs().isEmpty()) {
        leftOut.visit(walk.path(), walk.node());
      }
    }
    return leftOut;
  }

  List<FileXattrs> xattrs() {
    return xattrs;
  }

  List<SpecialFile> specialFiles() {
    return specialFiles;
  }

  List<Remark> remarks() {
    return remarks;
  }

  private void visit(byte[] bytes, Node node) {
    String path = Escapes.escape(bytes);
    if (node instanceof SpecialFileNode special) {
      specialFiles.add(describe(path, special));
      if (special.type() == EntryType.CHARACTER_DEVICE
          && (special.major() | special.minor()) == 0) {
        remarks.add(
            new Remark(
                "device-taken-for-whiteout",
                path,
                "an overlayfs over the EROFS view takes a character device 0:0 for a whiteout"));
      }
    }
    if (!node.xattrs().isEmpty() && seen.add(node)) {
      dropOverlayXattrs(path, node);
      for (String name : ErofsXattrs.of(node.xattrs()).leftOut()) {
        remarks.add(
            new Remark(
                "xattr-not-in-erofs", path, name + " has no place in EROFS; the annex has it"));
      }
      if (!node.xattrs().isEmpty()) {
        xattrs.add(new FileXattrs(path, node.xattrs().byName()));
      }
    }
  }

  /** A lower layer must not steer the overlayfs that is put over it. */
  private void dropOverlayXattrs(String path, Node node) {
    TreeMap<String, byte[]> kept = new TreeMap<>(node.xattrs().byName());
    for (String name : node.xattrs().byName().keySet()) {
      if (name.startsWith("trusted.overlay.") || name.startsWith("user.overlay.")) {
        kept.remove(name);
        remarks.add(
            new Remark(
                "overlay-xattr-left-out", path, name + " would steer an overlayfs over the image"));
      }
    }
    node.setXattrs(Xattrs.of(kept));
  }

  private static SpecialFile describe(String path, SpecialFileNode node) {
    String type =
        switch (node.type()) {
          case CHARACTER_DEVICE -> "character-device";
          case BLOCK_DEVICE -> "block-device";
          case FIFO -> "fifo";
          case SOCKET -> "socket";
          case REGULAR, DIRECTORY, SYMLINK, HARD_LINK -> throw new IllegalStateException(path);
        };
    boolean device = node.type() != EntryType.FIFO && node.type() != EntryType.SOCKET;
    return new SpecialFile(
        path,
        type,
        node.permissions(),
        Integer.toUnsignedLong(node.uid()),
        Integer.toUnsignedLong(node.gid()),
        device ? Integer.toUnsignedLong(node.major()) : 0,
        device ? Integer.toUnsignedLong(node.minor()) : 0);
  }
}

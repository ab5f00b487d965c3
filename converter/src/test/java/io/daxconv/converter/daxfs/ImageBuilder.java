package io.daxconv.converter.daxfs;

import io.daxconv.converter.annex.AnnexPointer;
import io.daxconv.converter.source.Digest;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes small images in memory, straight from the layouts and apart from the writer, so that tests
 * can break them. Base image: pages of regular data, symlink targets, directories, inode table.
 */
public final class ImageBuilder {
  private final int blockSize;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Node> names = new LinkedHashMap<>();
  private boolean overlay = true;
  private boolean split;
  private byte @Nullable [] annex;

  /** An inode on its way. */
  private static final class Node {
    final int number;
    final int mode;
    final byte[] data;
    @Nullable Node sharesWith;
    int uid;
    int gid;
    int nlink = 1;
    long offset;
    final Map<String, Node> children = new LinkedHashMap<>();

    Node(int number, int mode, byte[] data) {
      this.number = number;
      this.mode = mode;
      this.data = data;
    }

    boolean is(int type) {
      return FileMode.type(mode) == type;
    }

    long size() {
      return is(FileMode.DIRECTORY)
          ? (long) children.size() * DirectoryEntry.COUNTED_SIZE
          : data.length;
    }
  }

  public ImageBuilder(int blockSize) {
    this.blockSize = blockSize;
    Node root = new Node(1, FileMode.DIRECTORY | 0755, new byte[0]);
    root.nlink = 2;
    nodes.add(root);
    names.put("/", root);
  }

  /** The image that most tests break: of everything one, and nothing wrong with it. */
  public static ImageBuilder sample() {
    return new ImageBuilder(4096)
        .directory("/bin", 0755)
        .directory("/etc", 0750)
        .file("/etc/a", 0644, "hello\n".getBytes(StandardCharsets.US_ASCII))
        .owner("/etc/a", 1000, -2)
        .link("/etc/b", "/etc/a")
        .symlink("/etc/l", "../usr/data")
        .directory("/usr", 0755)
        .file("/usr/data", 0644, new byte[5000])
        .share("/usr/same", 04755, "/usr/data")
        .file("/usr/zero", 0600, new byte[0]);
  }

  public ImageBuilder directory(String path, int permissions) {
    add(path, FileMode.DIRECTORY | permissions, new byte[0]).nlink = 2;
    parent(path).nlink++;
    return this;
  }

  public ImageBuilder file(String path, int permissions, byte[] data) {
    add(path, FileMode.REGULAR | permissions, data);
    return this;
  }

  /** Another file with the same extent. */
  public ImageBuilder share(String path, int permissions, String with) {
    Node other = node(with);
    add(path, FileMode.REGULAR | permissions, other.data).sharesWith = other;
    return this;
  }

  public ImageBuilder symlink(String path, String target) {
    add(path, FileMode.SYMLINK | 0777, target.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Another name of a file. */
  public ImageBuilder link(String path, String of) {
    Node node = node(of);
    node.nlink++;
    name(path, node);
    return this;
  }

  public ImageBuilder owner(String path, int uid, int gid) {
    node(path).uid = uid;
    node(path).gid = gid;
    return this;
  }

  public ImageBuilder withoutOverlay() {
    overlay = false;
    return this;
  }

  /** With a page cache region of eight slots. */
  public ImageBuilder split() {
    split = true;
    return this;
  }

  public ImageBuilder annex(byte[] json) {
    annex = json;
    return this;
  }

  private Node add(String path, int mode, byte[] data) {
    Node node = new Node(nodes.size() + 1, mode, data);
    nodes.add(node);
    name(path, node);
    return node;
  }

  private void name(String path, Node node) {
    parent(path).children.put(path.substring(path.lastIndexOf('/') + 1), node);
    names.put(path, node);
  }

  private Node parent(String path) {
    return node(path.substring(0, Math.max(1, path.lastIndexOf('/'))));
  }

  private Node node(String path) {
    Node node = names.get(path);
    if (node == null) {
      throw new IllegalArgumentException(path);
    }
    return node;
  }

  public BuiltImage build() {
    long table = place();
    long baseSize = blocks(table + (long) nodes.size() * InodeEntry.SIZE);
    long overlayAt = overlay ? blockSize + baseSize : 0;
    long afterOverlay = blockSize + baseSize + (overlay ? 2L * blockSize : 0);
    long pageCacheAt = split ? afterOverlay : 0;
    long annexAt = afterOverlay + (split ? 10L * blockSize : 0);
    long total = annexAt + (annex == null ? 0 : blocks(annex.length));
    MemorySegment bytes = MemorySegment.ofArray(new byte[Math.toIntExact(total)]);
    new Superblock(
            Superblock.MAGIC,
            Superblock.VERSION,
            blockSize,
            0,
            total,
            blockSize,
            baseSize,
            table,
            nodes.size(),
            Superblock.ROOT_INODE,
            0,
            overlayAt,
            overlay ? 2L * blockSize : 0,
            overlay ? 1 : 0,
            0,
            pageCacheAt,
            split ? 10L * blockSize : 0,
            split ? 8 : 0,
            split ? 3 : 0)
        .write(bytes, 0);
    if (overlay) {
      OverlayHeader.smallest(blockSize, nodes.size()).write(bytes, overlayAt);
    }
    if (split) {
      new PageCacheHeader(
              PageCacheHeader.MAGIC, PageCacheHeader.VERSION, blockSize, 2L * blockSize, 0, 0)
          .write(bytes, pageCacheAt);
    }
    if (annex != null) {
      MemorySegment.copy(MemorySegment.ofArray(annex), 0, bytes, annexAt, annex.length);
      new AnnexPointer(AnnexPointer.VERSION, annexAt, annex.length, Digest.sha256(annex))
          .write(bytes);
    }
    return write(bytes, table);
  }

  /** Gives every inode's data its offset in the base image; returns that of the inode table. */
  private long place() {
    long at = 0;
    for (Node node : nodes) {
      if (node.is(FileMode.REGULAR)) {
        node.offset = node.sharesWith == null ? at : node.sharesWith.offset;
        at += node.sharesWith == null ? blocks(node.size()) : 0;
      }
    }
    for (Node node : nodes) {
      if (!node.is(FileMode.REGULAR)) {
        node.offset = at;
        long size =
            node.is(FileMode.SYMLINK)
                ? node.data.length + 1
                : (long) node.children.size() * DirectoryEntry.STRIDE;
        at = (at + size + 7) / 8 * 8;
      }
    }
    return (at + 63) / 64 * 64;
  }

  private BuiltImage write(MemorySegment bytes, long table) {
    Map<String, Long> inodes = new LinkedHashMap<>();
    Map<String, Long> entries = new LinkedHashMap<>();
    Map<String, Long> data = new LinkedHashMap<>();
    for (Node node : nodes) {
      new InodeEntry(
              node.number, node.mode, node.uid, node.gid, node.size(), node.offset, node.nlink)
          .write(bytes, blockSize + table + (node.number - 1L) * InodeEntry.SIZE);
      if (!split || !node.is(FileMode.REGULAR)) {
        MemorySegment.copy(
            MemorySegment.ofArray(node.data), 0, bytes, blockSize + node.offset, node.data.length);
      }
    }
    names.forEach(
        (path, node) -> {
          inodes.put(path, blockSize + table + (node.number - 1L) * InodeEntry.SIZE);
          data.put(path, blockSize + node.offset);
          long at = blockSize + node.offset;
          for (Map.Entry<String, Node> child : node.children.entrySet()) {
            byte[] name = child.getKey().getBytes(StandardCharsets.UTF_8);
            Node to = child.getValue();
            new DirectoryEntry(to.number, to.mode, name.length, name).write(bytes, at);
            entries.put((path.equals("/") ? "" : path) + "/" + child.getKey(), at);
            at += DirectoryEntry.STRIDE;
          }
        });
    return new BuiltImage(bytes, inodes, entries, data);
  }

  private long blocks(long size) {
    return (size + blockSize - 1) / blockSize * blockSize;
  }
}

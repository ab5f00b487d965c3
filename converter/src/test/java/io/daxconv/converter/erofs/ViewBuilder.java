package io.daxconv.converter.erofs;

import io.daxconv.converter.daxfs.BuiltImage;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.layer.Xattrs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts an EROFS view behind a small DAXFS image in memory, straight from the layouts and apart from
 * the writer, so that tests can break it. Metadata: inodes in the order of their first paths, each
 * inode with its tail inside one block; then what does not stand in the base image.
 */
public final class ViewBuilder {
  private static final long TIME = 1_700_000_000;

  private final BuiltImage daxfs;
  private final DaxfsImage image;
  private final TreeMap<String, Inode> names = new TreeMap<>();

  /** An inode on its way. */
  private static final class Inode {
    int mode;
    int uid;
    int gid;
    int nlink;
    int number;
    int device;
    long mtime = TIME;
    boolean extended;
    boolean inline;

    /** Where a regular file's data stands in the base image; else -1 and data. */
    long at = -1;

    long size;
    byte[] data = {};
    final TreeMap<String, byte[]> xattrs = new TreeMap<>();
    final TreeMap<String, Inode> children = new TreeMap<>();
    Inode parent = this;
    long nid;
    long block;

    boolean is(int type) {
      return FileMode.type(mode) == type;
    }

    /** Bytes that stand behind the inode. */
    int tail() {
      return inline && size > 0 ? (int) ((size - 1) % ErofsSuperblock.BLOCK_SIZE) + 1 : 0;
    }

    /** Bytes that stand in blocks of the view's own. */
    long blocks() {
      return at >= 0 ? 0 : size - tail();
    }
  }

  private ViewBuilder(BuiltImage daxfs) throws IOException {
    this.daxfs = daxfs;
    this.image = DaxfsImage.of("daxfs", daxfs.bytes());
    Map<Integer, Inode> inodes = new HashMap<>();
    TreeWalk<InodeEntry> walk = image.walk();
    for (TreeWalk.Step<InodeEntry> step = walk.next(); step != null; step = walk.next()) {
      Inode inode = inodes.get(step.inode().number());
      if (inode == null) {
        inode = inode(step.inode());
        inodes.put(inode.number, inode);
      }
      name(new String(step.path(), StandardCharsets.UTF_8), inode);
    }
  }

  /** The view of all that an image holds. */
  public static ViewBuilder of(BuiltImage daxfs) throws IOException {
    return new ViewBuilder(daxfs);
  }

  private Inode inode(InodeEntry entry) throws IOException {
    Inode inode = new Inode();
    inode.number = entry.number();
    inode.mode = entry.mode();
    inode.uid = entry.uid();
    inode.gid = entry.gid();
    inode.nlink = entry.nlink();
    inode.inline = !inode.is(FileMode.REGULAR);
    inode.extended = inode.uid >>> 16 != 0 || inode.gid >>> 16 != 0;
    if (inode.is(FileMode.SYMLINK)) {
      inode.data = image.target(entry);
      inode.size = inode.data.length;
    } else if (inode.is(FileMode.REGULAR)) {
      inode.at = entry.dataOffset() + daxfs.u64(24);
      inode.size = entry.size();
    }
    return inode;
  }

  private void name(String path, Inode inode) {
    if (!path.equals("/")) {
      Inode parent = node(path.substring(0, Math.max(1, path.lastIndexOf('/'))));
      parent.children.put(path.substring(path.lastIndexOf('/') + 1), inode);
      inode.parent = parent;
    }
    names.put(path, inode);
  }

  private Inode node(String path) {
    Inode node = names.get(path);
    if (node == null) {
      throw new IllegalArgumentException(path);
    }
    return node;
  }

  /** A device, FIFO or socket, which DAXFS does not have. */
  public ViewBuilder special(String path, int mode, int device) {
    Inode inode = new Inode();
    inode.mode = mode;
    inode.device = device;
    inode.nlink = 1;
    inode.number = 1000 + names.size();
    name(path, inode);
    return this;
  }

  /** Another name of a file. */
  public ViewBuilder link(String path, String of) {
    node(of).nlink++;
    name(path, node(of));
    return this;
  }

  /** A name that DAXFS has goes away. */
  public ViewBuilder without(String path) {
    Inode inode = node(path);
    inode.nlink--;
    inode.parent.children.remove(path.substring(path.lastIndexOf('/') + 1));
    names.remove(path);
    return this;
  }

  public ViewBuilder xattr(String path, String name, String value) {
    node(path).xattrs.put(name, value.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** A time of its own. */
  public ViewBuilder time(String path, long seconds) {
    node(path).mtime = seconds;
    node(path).extended = true;
    return this;
  }

  /** Nothing behind the inode. */
  public ViewBuilder plain(String path) {
    node(path).inline = false;
    return this;
  }

  /** A regular file whose data is not that of DAXFS; its tail stands behind the inode or not. */
  public ViewBuilder own(String path, byte[] data, boolean inline) {
    Inode inode = node(path);
    inode.at = -1;
    inode.data = data;
    inode.size = data.length;
    inode.inline = inline;
    return this;
  }

  public BuiltView build() {
    Map<Inode, String> first = new LinkedHashMap<>();
    names.forEach((path, inode) -> first.putIfAbsent(inode, path));
    long meta = blocks(daxfs.bytes().byteSize());
    long at = meta + ErofsInode.SLOT;
    for (Inode inode : first.keySet()) {
      inode.size = inode.is(FileMode.DIRECTORY) ? new DirectoryData(inode).size() : inode.size;
      inode.inline &= room(inode) <= ErofsSuperblock.BLOCK_SIZE;
      boolean crosses = at % ErofsSuperblock.BLOCK_SIZE + room(inode) > ErofsSuperblock.BLOCK_SIZE;
      at = crosses && inode.inline ? blocks(at) : at;
      inode.nid = (at - meta) / ErofsInode.SLOT;
      at = (at + room(inode) + ErofsInode.SLOT - 1) / ErofsInode.SLOT * ErofsInode.SLOT;
    }
    at = blocks(at);
    for (Inode inode : first.keySet()) {
      inode.block = (inode.at >= 0 ? inode.at : at) / ErofsSuperblock.BLOCK_SIZE;
      at = blocks(at + inode.blocks());
    }
    return write(first, meta, at);
  }

  private static ErofsXattrs xattrs(Inode inode) {
    return ErofsXattrs.of(Xattrs.of(inode.xattrs));
  }

  private static int inodeBytes(Inode inode) {
    return inode.extended ? ErofsInode.EXTENDED_SIZE : ErofsInode.COMPACT_SIZE;
  }

  private static long room(Inode inode) {
    return inodeBytes(inode) + xattrs(inode).bytes() + (long) inode.tail();
  }

  private BuiltView write(Map<Inode, String> inodes, long meta, long end) {
    BuiltImage whole = daxfs.resized(end).u64(16, end);
    MemorySegment bytes = whole.bytes();
    Map<String, Long> places = new HashMap<>();
    Map<String, Long> entries = new HashMap<>();
    Map<String, Long> data = new HashMap<>();
    inodes.forEach(
        (inode, path) -> {
          long at = meta + inode.nid * ErofsInode.SLOT;
          record(inode).write(bytes, at);
          xattrs(inode).write(bytes, at + inodeBytes(inode));
          long tail = at + inodeBytes(inode) + xattrs(inode).bytes();
          long block = inode.block * ErofsSuperblock.BLOCK_SIZE;
          if (inode.is(FileMode.DIRECTORY)) {
            new DirectoryData(inode).write(bytes, block, tail, path, entries);
          } else if (inode.at < 0) {
            MemorySegment source = MemorySegment.ofArray(inode.data);
            long before = inode.blocks();
            MemorySegment.copy(source, 0, bytes, block, before);
            MemorySegment.copy(source, before, bytes, tail, inode.tail());
          }
          data.put(path, inode.blocks() > 0 || inode.tail() == 0 ? block : tail);
        });
    names.forEach((path, inode) -> places.put(path, meta + inode.nid * ErofsInode.SLOT));
    byte[] uuid = "daxconv tests ok".getBytes(StandardCharsets.US_ASCII);
    new ErofsSuperblock(
            ErofsSuperblock.MAGIC,
            0,
            ErofsSuperblock.CHECKSUM | ErofsSuperblock.MTIME,
            ErofsSuperblock.BLOCK_BITS,
            (int) node("/").nid,
            inodes.size(),
            TIME,
            500,
            (int) (end / ErofsSuperblock.BLOCK_SIZE),
            (int) (meta / ErofsSuperblock.BLOCK_SIZE),
            0,
            uuid,
            0)
        .write(bytes);
    ErofsSuperblock.seal(bytes);
    return new BuiltView(new BuiltImage(bytes, places, entries, data), whole, meta);
  }

  private static ErofsInode record(Inode inode) {
    return new ErofsInode(
        inode.extended,
        inode.inline ? ErofsInode.FLAT_INLINE : ErofsInode.FLAT_PLAIN,
        xattrs(inode).count(),
        inode.mode,
        inode.size,
        inode.device != 0 ? inode.device : (int) inode.block,
        inode.number,
        inode.uid,
        inode.gid,
        inode.mtime,
        0,
        inode.nlink);
  }

  private static long blocks(long size) {
    return (size + ErofsSuperblock.BLOCK_SIZE - 1)
        / ErofsSuperblock.BLOCK_SIZE
        * ErofsSuperblock.BLOCK_SIZE;
  }

  /** A directory's blocks, each as full as it gets. */
  private static final class DirectoryData {
    private final TreeMap<byte[], Inode> children = new TreeMap<>(Arrays::compareUnsigned);
    private final List<TreeMap<byte[], Inode>> blocks = new ArrayList<>();

    DirectoryData(Inode directory) {
      children.put(new byte[] {'.'}, directory);
      children.put(new byte[] {'.', '.'}, directory.parent);
      directory.children.forEach(
          (name, child) -> children.put(name.getBytes(StandardCharsets.UTF_8), child));
      long used = ErofsSuperblock.BLOCK_SIZE;
      for (Map.Entry<byte[], Inode> child : children.entrySet()) {
        int need = ErofsDirent.SIZE + child.getKey().length;
        if (used + need > ErofsSuperblock.BLOCK_SIZE) {
          blocks.add(new TreeMap<>(Arrays::compareUnsigned));
          used = 0;
        }
        blocks.getLast().put(child.getKey(), child.getValue());
        used += need;
      }
    }

    long size() {
      return (blocks.size() - 1L) * ErofsSuperblock.BLOCK_SIZE + size(blocks.getLast());
    }

    private static int size(Map<byte[], Inode> block) {
      return block.keySet().stream().mapToInt(name -> ErofsDirent.SIZE + name.length).sum();
    }

    void write(MemorySegment bytes, long block, long tail, String path, Map<String, Long> entries) {
      for (int i = 0; i < blocks.size(); i++) {
        boolean last = i == blocks.size() - 1;
        Inode self = children.get(new byte[] {'.'});
        boolean inTail = last && self != null && self.tail() > 0;
        long at = inTail ? tail : block + (long) i * ErofsSuperblock.BLOCK_SIZE;
        write(bytes, at, blocks.get(i), path.equals("/") ? "" : path, entries);
      }
    }

    private static void write(
        MemorySegment bytes,
        long at,
        Map<byte[], Inode> block,
        String path,
        Map<String, Long> entries) {
      long dirent = at;
      int name = block.size() * ErofsDirent.SIZE;
      for (Map.Entry<byte[], Inode> child : block.entrySet()) {
        Inode inode = child.getValue();
        new ErofsDirent(inode.nid, name, ErofsDirent.fileType(inode.mode)).write(bytes, dirent);
        MemorySegment.copy(
            child.getKey(), 0, bytes, ValueLayout.JAVA_BYTE, at + name, child.getKey().length);
        entries.put(path + "/" + new String(child.getKey(), StandardCharsets.UTF_8), dirent);
        name += child.getKey().length;
        dirent += ErofsDirent.SIZE;
      }
    }
  }
}

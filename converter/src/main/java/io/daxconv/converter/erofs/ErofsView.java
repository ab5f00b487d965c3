package io.daxconv.converter.erofs;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Directories;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.SuperblockRules.Listener;
import io.daxconv.converter.daxfs.TreeWalk;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The EROFS view of an image that somebody else may have made. As with {@link DaxfsImage}, all is
 * checked where it is asked for, and bytes that lie cost a {@link CorruptImageException}. Each
 * question can also be asked with a listener, which hears of every rule that is broken; where it
 * lets that pass, the answer is null.
 *
 * <p>Compressed and chunk based files, shared xattrs and further devices are not known here.
 */
public final class ErofsView {
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final MemorySegment bytes;
  private final ErofsSuperblock superblock;
  private final long limit;
  private final long meta;

  private ErofsView(String name, MemorySegment bytes, ErofsSuperblock superblock) {
    this.name = name;
    this.bytes = bytes.asReadOnly();
    this.superblock = superblock;
    long size = Integer.toUnsignedLong(superblock.blocks()) << ErofsSuperblock.BLOCK_BITS;
    this.limit = Math.min(size, bytes.byteSize() & -(long) ErofsSuperblock.BLOCK_SIZE);
    this.meta = Integer.toUnsignedLong(superblock.metaBlock()) << ErofsSuperblock.BLOCK_BITS;
  }

  /** What stands where the magic of EROFS stands; 0 where there is no view. */
  public static int magic(MemorySegment image) {
    return image.byteSize() < ErofsSuperblock.BLOCK_SIZE
        ? 0
        : image.get(U32, ErofsSuperblock.POSITION);
  }

  /**
   * The view of an image.
   *
   * @return null if it has none
   * @throws CorruptImageException if it has one that cannot be mounted
   */
  public static @Nullable ErofsView of(DaxfsImage image) throws CorruptImageException {
    return of(image.name(), image.bytes());
  }

  /**
   * The view of an image in memory.
   *
   * @param name how messages name it; printable
   * @return null if it has none
   * @throws CorruptImageException if it has one that cannot be mounted
   */
  public static @Nullable ErofsView of(String name, MemorySegment image)
      throws CorruptImageException {
    int magic = magic(image);
    if (magic == 0) {
      return null;
    }
    Listener<CorruptImageException> refusal = refusal(name);
    if (magic != ErofsSuperblock.MAGIC) {
      refusal.broken(
          "erofs-magic",
          "byte " + ErofsSuperblock.POSITION,
          "zeros or the magic 0x%08x".formatted(ErofsSuperblock.MAGIC),
          "0x%08x".formatted(magic));
    }
    return of(name, image, refusal);
  }

  /** The view of an image whose magic is there; null if nothing behind it can be looked at. */
  public static <E extends Exception> @Nullable ErofsView of(
      String name, MemorySegment image, Listener<E> listener) throws E {
    ErofsSuperblock superblock = ErofsSuperblock.read(image);
    return ErofsSuperblockRules.check(superblock, image, listener)
        ? new ErofsView(name, image, superblock)
        : null;
  }

  private static Listener<CorruptImageException> refusal(String name) {
    return (id, place, expected, found) -> {
      throw new CorruptImageException(
          "%s: EROFS: %s: expected %s, found %s".formatted(name, place, expected, found));
    };
  }

  /** Throws at the first rule that is broken. */
  private Listener<CorruptImageException> refusal() {
    return refusal(name);
  }

  CorruptImageException corrupt(String place, String expected, String found) {
    return new CorruptImageException(
        "%s: EROFS: %s: expected %s, found %s".formatted(name, place, expected, found));
  }

  /** How messages name the image; printable. */
  public String name() {
    return name;
  }

  public ErofsSuperblock superblock() {
    return superblock;
  }

  /** Bytes of the EROFS image: its blocks, as far as the file has them. */
  public long size() {
    return limit;
  }

  /** The first byte of the metadata. */
  public long metadataAt() {
    return meta;
  }

  /**
   * The root directory.
   *
   * @throws CorruptImageException if there is none
   */
  public PlacedInode root() throws CorruptImageException {
    return inode(superblock.rootNid());
  }

  /**
   * Reads an inode.
   *
   * @throws CorruptImageException if it or its xattrs are not in the image, or it has no type
   */
  public PlacedInode inode(long nid) throws CorruptImageException {
    return Objects.requireNonNull(inode(nid, refusal()));
  }

  /** The same with a listener. */
  public <E extends Exception> @Nullable PlacedInode inode(long nid, Listener<E> listener)
      throws E {
    long slots = (limit - meta) / ErofsInode.SLOT;
    long at = meta + nid * ErofsInode.SLOT;
    if (nid < 0 || nid >= slots || at > limit - ErofsInode.sizeAt(bytes, at)) {
      listener.broken(
          "erofs-nid",
          "nid " + Long.toUnsignedString(nid),
          "an inode inside the image's %d bytes".formatted(limit),
          "nid " + Long.toUnsignedString(nid));
      return null;
    }
    PlacedInode placed = new PlacedInode(nid, at, ErofsInode.read(bytes, at, superblock));
    if (placed.end() > limit) {
      String expected = "xattrs inside the image's " + limit + " bytes";
      String found = placed.inode().xattrBytes() + " bytes";
      listener.broken("erofs-xattr-beyond-image", placed.place(), expected, found);
      return null;
    }
    if (ErofsDirent.fileType(placed.inode().mode()) == 0) {
      String found = "mode 0%o".formatted(placed.inode().mode());
      listener.broken("erofs-inode-type", placed.place(), "a mode that has a type", found);
      return null;
    }
    return placed;
  }

  /** Where the data of an inode that is no special file stands. */
  public <E extends Exception> @Nullable ErofsData data(PlacedInode placed, Listener<E> listener)
      throws E {
    return ErofsData.of(placed, limit, listener);
  }

  private ErofsData data(PlacedInode placed, int type, String expected)
      throws CorruptImageException {
    if (placed.type() != type) {
      throw corrupt(placed.place(), expected, "mode 0%o".formatted(placed.inode().mode()));
    }
    return Objects.requireNonNull(data(placed, refusal()));
  }

  /**
   * The bytes of a regular file, in one or two pieces, none if it is empty.
   *
   * @throws CorruptImageException if it is no regular file, or not all in the image
   */
  public List<MemorySegment> contents(PlacedInode file) throws CorruptImageException {
    return data(file, FileMode.REGULAR, "a regular file").pieces(bytes);
  }

  /**
   * The target of a symlink.
   *
   * @throws CorruptImageException if it is no symlink, or its target is empty, longer than {@link
   *     DaxfsImage#LONGEST_TARGET}, or not all in the image
   */
  public byte[] target(PlacedInode symlink) throws CorruptImageException {
    ErofsData data = data(symlink, FileMode.SYMLINK, "a symlink");
    if (data.size() < 1 || data.size() > DaxfsImage.LONGEST_TARGET) {
      String expected = "a target of 1 to " + DaxfsImage.LONGEST_TARGET + " bytes";
      throw corrupt(symlink.place(), expected, Long.toString(data.size()));
    }
    return bytes(data);
  }

  /** The bytes of data that is short. */
  public byte[] bytes(ErofsData data) {
    byte[] all = new byte[Math.toIntExact(data.size())];
    int at = 0;
    for (MemorySegment piece : data.pieces(bytes)) {
      MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, all, at, (int) piece.byteSize());
      at += (int) piece.byteSize();
    }
    return all;
  }

  /** Takes the entries of a directory one by one. */
  @FunctionalInterface
  public interface EntrySink<E extends Exception> {
    void entry(ErofsEntry entry) throws E;
  }

  /**
   * The entries of a directory in the order they stand in, {@code .} and {@code ..} among them, up
   * to the first that cannot be read. Names and nids are as found.
   *
   * @param data of the directory
   * @return whether all could be read
   */
  public <E extends Exception> boolean entries(
      ErofsData data, Listener<E> listener, EntrySink<E> sink) throws E {
    long blocks = data.blockCount();
    for (long i = 0; i < blocks; i++) {
      DirentBlock block = DirentBlock.of(bytes, data.block(i), listener);
      if (block == null) {
        return false;
      }
      for (int j = 0; j < block.count(); j++) {
        ErofsEntry entry = block.entry(j, listener);
        if (entry == null) {
          return false;
        }
        sink.entry(entry);
      }
    }
    return true;
  }

  /**
   * The entries of a directory, all in memory.
   *
   * @throws CorruptImageException if it is no directory, or its entries cannot be read
   */
  public List<ErofsEntry> entries(PlacedInode directory) throws CorruptImageException {
    List<ErofsEntry> entries = new ArrayList<>();
    ErofsData data = data(directory, FileMode.DIRECTORY, "a directory");
    entries(data, refusal(), entries::add);
    return entries;
  }

  /**
   * Looks a name up as the kernel does (erofs_namei in fs/erofs/namei.c), by bisection: in a
   * directory that is not sorted it may not be found.
   *
   * @return null if there is no such name
   * @throws CorruptImageException if it is no directory, or what is looked at cannot be read
   */
  public @Nullable PlacedInode lookup(PlacedInode directory, byte[] entryName)
      throws CorruptImageException {
    return lookup(data(directory, FileMode.DIRECTORY, "a directory"), entryName, refusal());
  }

  /**
   * The same with a listener.
   *
   * @param directory the data of the directory
   */
  public <E extends Exception> @Nullable PlacedInode lookup(
      ErofsData directory, byte[] entryName, Listener<E> listener) throws E {
    ErofsEntry entry = new ErofsLookup(bytes, directory, entryName).find(listener);
    return entry == null ? null : inode(entry.nid(), listener);
  }

  /**
   * The xattrs of an inode: values by name, escaped, as in the {@link Annex}.
   *
   * @throws CorruptImageException if they are not what xattrs must be
   */
  public SortedMap<String, byte[]> xattrs(PlacedInode placed) throws CorruptImageException {
    return Objects.requireNonNull(xattrs(placed, refusal()));
  }

  /** The same with a listener; null where not even a part can be read. */
  public <E extends Exception> @Nullable SortedMap<String, byte[]> xattrs(
      PlacedInode placed, Listener<E> listener) throws E {
    return XattrReader.read(bytes, placed, listener);
  }

  /** The directories, for walks. */
  public Directories<PlacedInode> directories() {
    return new ErofsDirectories(this);
  }

  /**
   * All paths, in the order of their bytes, the root first.
   *
   * @throws CorruptImageException if there is no root
   */
  public TreeWalk<PlacedInode> walk() throws CorruptImageException {
    return TreeWalk.all(directories());
  }
}

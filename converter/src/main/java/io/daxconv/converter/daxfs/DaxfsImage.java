package io.daxconv.converter.daxfs;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.AnnexPointer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A DAXFS v8 image that somebody else may have made. Everything is read where it is asked for and
 * checked before it is used: bytes that lie cost a {@link CorruptImageException}, never a crash.
 * What it does not do is judge the image as a whole; that is the verifier's work.
 *
 * <p>Segments handed out are read-only views of the file and end with {@link #close}.
 */
public final class DaxfsImage implements AutoCloseable {
  /** Bytes of the longest symlink target that Linux has: PATH_MAX without its NUL. */
  public static final int LONGEST_TARGET = 4095;

  private final String name;
  private final MemorySegment bytes;
  private final Superblock superblock;
  private final @Nullable BaseImage base;
  private final @Nullable MemorySegment backing;
  private final List<MappedFile> files;

  private DaxfsImage(
      String name,
      MemorySegment bytes,
      Superblock superblock,
      @Nullable MemorySegment backing,
      List<MappedFile> files) {
    this.backing = backing;
    this.name = name;
    this.bytes = bytes;
    this.superblock = superblock;
    this.base = BaseImage.of(superblock, bytes);
    this.files = files;
  }

  /**
   * Maps an image file and checks its superblock.
   *
   * @throws CorruptImageException if it is no DAXFS v8 image, or its regions are not all there
   * @throws IOException if the file cannot be opened
   */
  public static DaxfsImage open(Path path) throws IOException {
    return open(path, null);
  }

  /**
   * Maps an image file and the backing file that has its regular data, and checks the superblock.
   *
   * @param backing the backing file of a split image; null where there is none, or the data is of
   *     no interest
   * @throws CorruptImageException if it is no DAXFS v8 image, its regions are not all there, or
   *     there is a backing file although it is not split
   * @throws IOException if a file cannot be opened
   */
  public static DaxfsImage open(Path path, @Nullable Path backing) throws IOException {
    MappedFile file = MappedFile.open(path);
    MappedFile data = null;
    try {
      data = backing == null ? null : MappedFile.open(backing);
      Superblock superblock = checkedSuperblock(file.name(), file.bytes());
      if (data != null && superblock.pageCacheOffset() == 0) {
        throw new CorruptImageException(
            file.name() + ": expected a split image for the backing file, found one with its data");
      }
      return new DaxfsImage(
          file.name(),
          file.bytes(),
          superblock,
          data == null ? null : data.bytes(),
          data == null ? List.of(file) : List.of(file, data));
    } catch (Throwable e) {
      file.close();
      if (data != null) {
        data.close();
      }
      throw e;
    }
  }

  /**
   * An image that is in memory already; closing it closes nothing else.
   *
   * @param name how messages name it; printable
   * @throws CorruptImageException if it is no DAXFS v8 image, or its regions are not all there
   */
  public static DaxfsImage of(String name, MemorySegment bytes) throws CorruptImageException {
    return of(name, bytes, null);
  }

  /**
   * A split image and its backing file that are in memory already.
   *
   * @param name how messages name it; printable
   * @param backing the backing file, or null
   * @throws CorruptImageException if it is no DAXFS v8 image, or its regions are not all there
   */
  public static DaxfsImage of(String name, MemorySegment bytes, @Nullable MemorySegment backing)
      throws CorruptImageException {
    return new DaxfsImage(
        name,
        bytes.asReadOnly(),
        checkedSuperblock(name, bytes),
        backing == null ? null : backing.asReadOnly(),
        List.of());
  }

  private static Superblock checkedSuperblock(String name, MemorySegment bytes)
      throws CorruptImageException {
    if (bytes.byteSize() < Superblock.SIZE) {
      throw new CorruptImageException(
          "%s: expected at least %d bytes, a superblock, found %d"
              .formatted(name, Superblock.SIZE, bytes.byteSize()));
    }
    Superblock superblock = Superblock.read(bytes, 0);
    SuperblockRules.<CorruptImageException>check(
        superblock,
        bytes.byteSize(),
        (id, place, expected, found) -> {
          throw new CorruptImageException(
              "%s: %s: expected %s, found %s".formatted(name, place, expected, found));
        });
    return superblock;
  }

  /** How messages name the image; printable. */
  public String name() {
    return name;
  }

  /** The whole file. */
  public MemorySegment bytes() {
    return bytes;
  }

  public Superblock superblock() {
    return superblock;
  }

  /** How many inodes there are, numbered from 1; 0 without a base image. */
  public long inodeCount() {
    return base == null ? 0 : base.inodeCount();
  }

  /** Whether regular data is in a backing file (split mode) and not in the image. */
  public boolean isSplit() {
    return superblock.pageCacheOffset() != 0;
  }

  /** The backing file of a split image; null where there is none, or it was not opened. */
  public @Nullable MemorySegment backing() {
    return backing;
  }

  /** Bytes of all files that this image was opened from. */
  public long bytesInAll() {
    return bytes.byteSize() + (backing == null ? 0 : backing.byteSize());
  }

  /**
   * Reads an inode.
   *
   * @param number from 1 to {@link #inodeCount}
   * @throws CorruptImageException if there is none of that number, or its slot holds something else
   */
  public InodeEntry inode(long number) throws CorruptImageException {
    if (base == null || number < 1 || number > base.inodeCount()) {
      throw corrupt("inode " + number, "an inode from 1 to " + inodeCount(), "none");
    }
    InodeEntry inode = base.inode(number);
    if (Integer.toUnsignedLong(inode.number()) != number) {
      String found = "inode " + Integer.toUnsignedString(inode.number());
      throw corrupt(place(number), "inode " + number, found);
    }
    return switch (FileMode.type(inode.mode())) {
      case FileMode.REGULAR, FileMode.DIRECTORY, FileMode.SYMLINK -> inode;
      default ->
          throw corrupt(
              place(number),
              "a regular file, directory or symlink",
              "mode 0" + Integer.toOctalString(inode.mode()));
    };
  }

  /**
   * The entries of a directory in the order they stand in. They are read one by one and their
   * contents are as found: names and numbers may be wrong.
   *
   * @throws CorruptImageException if it is no directory, or its entries are not all in the image
   */
  public Iterable<DirectoryEntry> entries(InodeEntry directory) throws CorruptImageException {
    BaseImage holder = holderOf(directory, FileMode.DIRECTORY, "a directory");
    DirectoryArray array = array(directory);
    return () ->
        new Iterator<>() {
          private long next;

          @Override
          public boolean hasNext() {
            return next < array.count();
          }

          @Override
          public DirectoryEntry next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return DirectoryEntry.read(holder.bytes(), array.position(next++));
          }
        };
  }

  /** Where the entries of a directory stand. */
  DirectoryArray array(InodeEntry directory) throws CorruptImageException {
    BaseImage holder = holderOf(directory, FileMode.DIRECTORY, "a directory");
    DirectoryArray array = DirectoryArray.of(directory, holder.size());
    if (array == null) {
      throw corrupt(
          place(directory),
          "entries of 271 bytes each, all inside the base image's " + holder.size() + " bytes",
          "size "
              + Long.toUnsignedString(directory.size())
              + ", needing "
              + DirectoryArray.extent(directory));
    }
    return array;
  }

  /**
   * The target of a symlink, without its NUL.
   *
   * @throws CorruptImageException if it is no symlink, or its target is empty, longer than {@link
   *     #LONGEST_TARGET}, or not all in the image
   */
  public byte[] target(InodeEntry symlink) throws CorruptImageException {
    BaseImage holder = holderOf(symlink, FileMode.SYMLINK, "a symlink");
    Extent extent = new Extent(symlink.dataOffset(), symlink.size());
    if (extent.size() < 1 || extent.size() > LONGEST_TARGET) {
      String found = Long.toUnsignedString(extent.size());
      throw corrupt(place(symlink), "a target of 1 to " + LONGEST_TARGET + " bytes", found);
    }
    if (!extent.within(holder.size())) {
      throw beyondBase(symlink, holder);
    }
    return holder.bytes().asSlice(extent.offset(), extent.size()).toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * The bytes of a regular file, as they stand in the image.
   *
   * @throws CorruptImageException if it is no regular file, its bytes are not all in the image, or
   *     the image is split and its backing file was not opened
   */
  public MemorySegment contents(InodeEntry file) throws CorruptImageException {
    BaseImage holder = holderOf(file, FileMode.REGULAR, "a regular file");
    if (file.size() == 0) {
      return holder.bytes().asSlice(0, 0);
    }
    Extent extent = new Extent(file.dataOffset(), file.size());
    if (isSplit()) {
      return inBacking(file, extent);
    }
    if (!extent.within(holder.size())) {
      throw beyondBase(file, holder);
    }
    return holder.bytes().asSlice(extent.offset(), extent.size());
  }

  private MemorySegment inBacking(InodeEntry file, Extent extent) throws CorruptImageException {
    MemorySegment data = backing;
    if (data == null) {
      throw corrupt(
          place(file), "data in the image", "a split image, whose data is in a backing file");
    }
    if (!extent.within(data.byteSize())) {
      String expected = "data inside the backing file's " + data.byteSize() + " bytes";
      throw corrupt(place(file), expected, extent.toString());
    }
    return data.asSlice(extent.offset(), extent.size());
  }

  private CorruptImageException beyondBase(InodeEntry inode, BaseImage holder) {
    return corrupt(
        place(inode),
        "data inside the base image's " + holder.size() + " bytes",
        new Extent(inode.dataOffset(), inode.size()).toString());
  }

  private BaseImage holderOf(InodeEntry inode, int type, String expected)
      throws CorruptImageException {
    if (base == null || FileMode.type(inode.mode()) != type) {
      throw corrupt(place(inode), expected, "mode 0" + Integer.toOctalString(inode.mode()));
    }
    return base;
  }

  /**
   * What the image says of itself.
   *
   * @return null if the image has no annex
   * @throws CorruptImageException if it has one that cannot be read
   */
  public @Nullable Annex annex() throws CorruptImageException {
    AnnexPointer pointer = AnnexPointer.read(bytes);
    return pointer == null
        ? null
        : AnnexJson.read(name + ": annex", AnnexJson.checked(name, pointer, bytes));
  }

  /** The directories, for walks. */
  public Directories<InodeEntry> directories() {
    return new DaxfsDirectories(this, base);
  }

  /**
   * All paths, in the order of their bytes, the root first; none without a base image.
   *
   * @throws CorruptImageException if the root cannot be read
   */
  public TreeWalk<InodeEntry> walk() throws CorruptImageException {
    return TreeWalk.all(directories());
  }

  /**
   * Looks a name up as the module does, from the first entry on.
   *
   * @return null if there is no such name
   * @throws CorruptImageException if it is no directory, or what the name leads to cannot be read
   */
  public @Nullable InodeEntry lookup(InodeEntry directory, byte[] entryName)
      throws CorruptImageException {
    for (DirectoryEntry entry : entries(directory)) {
      if (entry.nameLength() == entryName.length && Arrays.equals(entry.name(), entryName)) {
        return inode(Integer.toUnsignedLong(entry.inode()));
      }
    }
    return null;
  }

  private String place(InodeEntry inode) {
    return place(Integer.toUnsignedLong(inode.number()));
  }

  private String place(long number) {
    return base != null && number >= 1 && number <= base.inodeCount()
        ? "byte %d: inode %d".formatted(base.positionInImage(base.slot(number)), number)
        : "inode " + number;
  }

  CorruptImageException corrupt(String place, String expected, String found) {
    return new CorruptImageException(
        "%s: %s: expected %s, found %s".formatted(name, place, expected, found));
  }

  @Override
  public void close() {
    files.forEach(MappedFile::close);
  }
}

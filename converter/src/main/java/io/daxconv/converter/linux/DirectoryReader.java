package io.daxconv.converter.linux;

import io.daxconv.converter.LayerException;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.layer.DataSink;
import io.daxconv.converter.layer.EntryReader;
import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.Xattrs;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.DirectoryLayer;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a directory of this machine as if it were a layer: parents before children, children in the
 * order of their names' bytes, files with several names as hard links to the first.
 */
public final class DirectoryReader implements EntryReader {
  private final DirectoryLayer layer;
  private final byte[] root;
  private final boolean fileAllowed;
  private final Deque<byte[]> left = new ArrayDeque<>();
  private final Map<FileStatus.Identity, byte[]> firstNames = new HashMap<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
  private byte @Nullable [] file;
  private long fileSize;
  private long bytesRead;

  /** Starts at the root directory; its own metadata is the first entry. */
  public DirectoryReader(DirectoryLayer layer) {
    this(layer, false);
  }

  /**
   * Starts at a root that may be something else than a directory.
   *
   * @param fileAllowed whether a file is an entry with an empty path; else it is an error
   */
  public DirectoryReader(DirectoryLayer layer, boolean fileAllowed) {
    this.layer = layer;
    this.fileAllowed = fileAllowed;
    this.root = Libc.bytes(layer.root());
    left.push(new byte[0]);
  }

  @Override
  public @Nullable LayerEntry next() throws IOException {
    file = null;
    if (left.isEmpty()) {
      return null;
    }
    byte[] relative = left.pop();
    byte[] path = relative.length == 0 ? root : join(root, relative);
    FileStatus status = Libc.status(path);
    if (relative.length == 0 && FileMode.type(status.mode()) == FileMode.SYMLINK) {
      path = join(root, new byte[] {'.'});
      status = Libc.status(path);
    }
    EntryType type = type(status, path);
    if (type != EntryType.DIRECTORY && status.links() > 1) {
      byte[] first = firstNames.putIfAbsent(status.identity(), relative);
      if (first != null) {
        return entry(EntryType.HARD_LINK, relative, first, status, Xattrs.NONE);
      }
    }
    if (type == EntryType.DIRECTORY) {
      pushChildren(relative, path);
    } else if (relative.length == 0 && !fileAllowed) {
      throw new LayerException(layer.label() + ": expected a directory, found a file");
    } else if (type == EntryType.REGULAR) {
      file = path;
      fileSize = status.size();
    }
    byte[] target = type == EntryType.SYMLINK ? Libc.target(path) : new byte[0];
    return entry(type, relative, target, status, xattrs(path));
  }

  private void pushChildren(byte[] relative, byte[] path) throws IOException {
    List<byte[]> names = Libc.names(path);
    // A stack: the last name first. A name that starts with .wh. is a file here, but a layer could
    // not hold it.
    names.sort((a, b) -> Arrays.compareUnsigned(b, a));
    for (byte[] name : names) {
      if (name.length >= 4
          && name[0] == '.'
          && name[1] == 'w'
          && name[2] == 'h'
          && name[3] == '.') {
        throw new LayerException(
            layer.label()
                + ", "
                + Escapes.escape(join(relative, name))
                + ": expected no name that starts with .wh., which layers keep for whiteouts");
      }
      left.push(relative.length == 0 ? name : join(relative, name));
    }
  }

  private static LayerEntry entry(
      EntryType type, byte[] path, byte[] target, FileStatus status, Xattrs xattrs) {
    return new LayerEntry(
        type,
        path,
        target,
        type == EntryType.REGULAR ? status.size() : 0,
        null,
        status.mode() & FileMode.PERMISSIONS,
        status.uid(),
        status.gid(),
        status.mtimeSeconds(),
        status.mtimeNanos(),
        status.major(),
        status.minor(),
        xattrs);
  }

  private static EntryType type(FileStatus status, byte[] path) throws IOException {
    return switch (FileMode.type(status.mode())) {
      case FileMode.REGULAR -> EntryType.REGULAR;
      case FileMode.DIRECTORY -> EntryType.DIRECTORY;
      case FileMode.SYMLINK -> EntryType.SYMLINK;
      case FileMode.CHARACTER_DEVICE -> EntryType.CHARACTER_DEVICE;
      case FileMode.BLOCK_DEVICE -> EntryType.BLOCK_DEVICE;
      case FileMode.FIFO -> EntryType.FIFO;
      case FileMode.SOCKET -> EntryType.SOCKET;
      default ->
          throw new LayerException(
              Escapes.escape(path) + ": unknown file type " + Integer.toOctalString(status.mode()));
    };
  }

  private static Xattrs xattrs(byte[] path) throws IOException {
    SortedMap<String, byte[]> xattrs = new TreeMap<>();
    for (byte[] name : Libc.xattrNames(path)) {
      xattrs.put(Escapes.escape(name), Libc.xattr(path, name));
    }
    return Xattrs.of(xattrs);
  }

  @Override
  public void copyData(DataSink sink) throws IOException {
    byte[] path = file;
    if (path == null) {
      throw new IllegalStateException("no regular file to copy");
    }
    try (FileChannel in =
        FileChannel.open(path(path), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      for (long done = 0; done < fileSize; ) {
        int most = (int) Math.min(buffer.capacity(), fileSize - done);
        int read = read(in, buffer.clear().limit(most), path);
        if (read < 0) {
          throw new LayerException(
              layer.label()
                  + ", "
                  + Escapes.escape(path)
                  + ": expected "
                  + fileSize
                  + " bytes, found "
                  + done
                  + "; it changed while it was read");
        }
        sink.data(buffer.flip());
        done += read;
        bytesRead += read;
      }
    }
  }

  /** A failure says what could not be read: those of the output look the same. */
  private int read(FileChannel in, ByteBuffer into, byte[] path) throws IOException {
    try {
      return in.read(into);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new LayerException(
          layer.label() + ", " + Escapes.escape(path) + ": cannot be read: " + FailureReason.of(e),
          e);
    }
  }

  @Override
  public Totals finish() {
    return new Totals(bytesRead, bytesRead);
  }

  @Override
  public @Nullable Digest diffId() {
    return null;
  }

  @Override
  public void close() {}

  private static byte[] join(byte[] directory, byte[] name) {
    byte[] path = Arrays.copyOf(directory, directory.length + 1 + name.length);
    path[directory.length] = '/';
    System.arraycopy(name, 0, path, directory.length + 1, name.length);
    return path;
  }

  /** The path that has exactly these bytes, by way of a URI. */
  private static Path path(byte[] bytes) {
    StringBuilder uri = new StringBuilder("file://");
    for (byte b : bytes) {
      if (b == '/' || (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z')) {
        uri.append((char) b);
      } else {
        uri.append(String.format("%%%02X", b & 0xff));
      }
    }
    return Path.of(URI.create(uri.toString()));
  }
}

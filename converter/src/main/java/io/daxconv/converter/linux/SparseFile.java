package io.daxconv.converter.linux;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is read and does not change, and where it has data (lseek(2), {@code SEEK_DATA}).
 * Where the system cannot tell data from holes, all is data.
 */
public final class SparseFile implements Closeable {
  private static final int NONE = -1;

  private final FileChannel channel;
  private final int descriptor;
  private final long size;

  private SparseFile(FileChannel channel, int descriptor) throws IOException {
    this.channel = channel;
    this.descriptor = descriptor;
    this.size = channel.size();
  }

  /**
   * Bytes of one kind.
   *
   * @param hole whether they are zeros that the file system does not have
   * @param end the offset behind the last of them
   */
  public record Extent(boolean hole, long end) {}

  /** Opens a file. */
  public static SparseFile open(Path path) throws IOException {
    int descriptor = Libc.open(Libc.bytes(path));
    if (descriptor == NONE) {
      // The Java library says what is wrong, if that still is.
      return of(FileChannel.open(path, StandardOpenOption.READ), NONE);
    }
    FileChannel channel;
    try {
      // Not by its name again: another file may have taken it.
      Path opened = Path.of("/proc/self/fd", Integer.toString(descriptor));
      channel = FileChannel.open(opened, StandardOpenOption.READ);
    } catch (NoSuchFileException noProc) {
      Libc.close(descriptor);
      return of(FileChannel.open(path, StandardOpenOption.READ), NONE);
    } catch (IOException e) {
      Libc.close(descriptor);
      throw e;
    }
    return of(channel, descriptor);
  }

  private static SparseFile of(FileChannel channel, int descriptor) throws IOException {
    try {
      return new SparseFile(channel, descriptor);
    } catch (IOException e) {
      close(channel, descriptor);
      throw e;
    }
  }

  /** Its bytes; holes read as zeros. */
  public FileChannel channel() {
    return channel;
  }

  /** Its bytes' number. */
  public long size() {
    return size;
  }

  /**
   * What stands at an offset, and how far that goes.
   *
   * @throws EOFException if nothing does
   */
  public Extent extent(long offset) throws IOException {
    if (offset >= size) {
      throw new EOFException("offset " + offset + " in a file of " + size + " bytes");
    }
    if (descriptor == NONE) {
      return new Extent(false, size);
    }
    long data = Libc.seek(descriptor, offset, Libc.SEEK_DATA);
    if (data == offset) {
      return extent(false, Libc.seek(descriptor, offset, Libc.SEEK_HOLE), offset);
    }
    // In the last hole there is no data to go to, which is a failure like any other.
    boolean hole = data > offset || Libc.seek(descriptor, offset, Libc.SEEK_HOLE) == offset;
    return extent(hole, data, offset);
  }

  private Extent extent(boolean hole, long end, long offset) {
    return new Extent(hole, end <= offset || end > size ? size : end);
  }

  private static void close(FileChannel channel, int descriptor) throws IOException {
    if (descriptor != NONE) {
      Libc.close(descriptor);
    }
    channel.close();
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      close(channel, descriptor);
    }
  }
}

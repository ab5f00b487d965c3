package io.daxconv.converter.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file from its start to its end, whose holes are not read: a file system makes pages of zeros
 * for them and keeps those in memory. Where the system cannot tell data from holes, all is read.
 */
public final class SparseFileChannel implements ReadableByteChannel {
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 18);

  private final FileChannel channel;
  private final int file;
  private final long size;
  private long position;

  /** Up to here all is of one kind. */
  private long end;

  private boolean hole;

  private SparseFileChannel(FileChannel channel, int file) throws IOException {
    this.channel = channel;
    this.file = file;
    this.size = channel.size();
  }

  /** Opens a file, which must not change. */
  @SuppressWarnings("resource")
  public static SparseFileChannel open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new SparseFileChannel(channel, Libc.open(Libc.bytes(path)));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Some bytes, of data or of a hole; -1 at the end. */
  @Override
  public int read(ByteBuffer into) throws IOException {
    if (position >= size) {
      return -1;
    }
    if (position == end) {
      next();
    }
    int count = (int) Math.min(into.remaining(), end - position);
    if (hole) {
      count = Math.min(count, ZEROS.capacity());
      into.put(ZEROS.slice(0, count));
    } else {
      ByteBuffer part = into.slice(into.position(), count);
      count = channel.read(part, position);
      if (count < 0) {
        return -1;
      }
      into.position(into.position() + count);
    }
    position += count;
    return count;
  }

  /** How far what stands at the position goes: in a hole, to the next data, or the other way. */
  private void next() throws IOException {
    long data = Libc.seek(file, position, Libc.SEEK_DATA);
    if (data == position) {
      hole = false;
      end = Libc.seek(file, position, Libc.SEEK_HOLE);
    } else {
      // In the last hole there is no data to go to, which is a failure like any other.
      hole = data > position || Libc.seek(file, position, Libc.SEEK_HOLE) == position;
      end = data;
    }
    if (end <= position || end > size) {
      end = size;
    }
  }

  /** Whether what was read last was a hole. */
  boolean inHole() {
    return hole;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      Libc.close(file);
      channel.close();
    }
  }
}

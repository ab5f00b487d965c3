package io.daxconv.converter.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;

/**
 * A file from its start to its end, whose holes are not read: a file system makes pages of zeros
 * for them and keeps those in memory.
 */
public final class SparseFileChannel implements ReadableByteChannel {
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 18);

  private final SparseFile file;
  private long position;
  private SparseFile.Extent extent = new SparseFile.Extent(false, 0);

  private SparseFileChannel(SparseFile file) {
    this.file = file;
  }

  /** Opens a file, which must not change. */
  public static SparseFileChannel open(Path path) throws IOException {
    return new SparseFileChannel(SparseFile.open(path));
  }

  /** Some bytes, of data or of a hole; -1 at the end. */
  @Override
  public int read(ByteBuffer into) throws IOException {
    if (position >= file.size()) {
      return -1;
    }
    if (position == extent.end()) {
      extent = file.extent(position);
    }
    int count = (int) Math.min(into.remaining(), extent.end() - position);
    if (extent.hole()) {
      count = Math.min(count, ZEROS.capacity());
      into.put(ZEROS.slice(0, count));
    } else {
      ByteBuffer part = into.slice(into.position(), count);
      count = file.channel().read(part, position);
      if (count < 0) {
        return -1;
      }
      into.position(into.position() + count);
    }
    position += count;
    return count;
  }

  /** Whether what was read last was a hole. */
  boolean inHole() {
    return extent.hole();
  }

  @Override
  public boolean isOpen() {
    return file.channel().isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

package io.daxconv.oci.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/**
 * A part of an open file. It is read by position, so that many streams can read it at once, and
 * stays readable when the file is replaced or removed.
 *
 * @param file the open file
 * @param offset where the part begins, in bytes
 * @param size how many bytes it has
 */
public record FileSlice(FileChannel file, long offset, long size) {

  /**
   * A stream from the part's start, which is a {@link ReadableByteChannel} as well. Closing it
   * leaves the file open.
   */
  public InputStream open() {
    return new SliceStream(this);
  }

  private static final class SliceStream extends InputStream implements ReadableByteChannel {
    private final FileSlice slice;
    private boolean open = true;
    private long read;

    SliceStream(FileSlice slice) {
      this.slice = slice;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return read(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      long left = slice.size - read;
      if (!into.hasRemaining() || left == 0) {
        return into.hasRemaining() ? -1 : 0;
      }
      int end = into.limit();
      into.limit(into.position() + (int) Math.min(into.remaining(), left));
      int count;
      try {
        count = slice.file.read(into, slice.offset + read);
      } finally {
        into.limit(end);
      }
      if (count > 0) {
        read += count;
      }
      return count;
    }

    @Override
    public long skip(long n) {
      long skipped = Math.clamp(n, 0, slice.size - read);
      read += skipped;
      return skipped;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, slice.size - read);
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}

package io.daxconv.oci.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/**
 * A part of an open file. It is read by position, so that many streams can read it at once, and
 * stays readable when the file is replaced or removed.
 *
 * @param file the open file
 * @param offset where the part begins, in bytes
 * @param size how many bytes it has
 */
public record FileSlice(FileChannel file, long offset, long size) {

  /** A stream from the part's start. Closing it leaves the file open. */
  public InputStream open() {
    return new SliceStream(this);
  }

  private static final class SliceStream extends InputStream {
    private final FileSlice slice;
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
      Objects.checkFromIndexSize(offset, length, bytes.length);
      long left = slice.size - read;
      if (length == 0 || left == 0) {
        return length == 0 ? 0 : -1;
      }
      ByteBuffer into = ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left));
      int count = slice.file.read(into, slice.offset + read);
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
  }
}

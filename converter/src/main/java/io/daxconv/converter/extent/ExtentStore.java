package io.daxconv.converter.extent;

import io.daxconv.converter.layer.DataSink;
import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Regular data on its way into an image: each file in whole pages, one behind the other, in the
 * order in which they are stored, and each content once.
 *
 * <p>Two files share an extent if their bytes are equal. A checksum finds candidates; the bytes
 * decide.
 */
public final class ExtentStore {
  private static final int BUFFER = 1 << 20;

  private final FileChannel file;
  private final int pageSize;
  private final ExtentIndex index = new ExtentIndex();
  private final ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
  private final MessageDigest contents = Digest.Algorithm.SHA256.newHash();
  private final ByteBuffer fingerprint = ByteBuffer.allocate(Integer.BYTES + Long.BYTES);
  private final long start;
  private long end;

  /**
   * An empty store.
   *
   * @param file where the data goes
   * @param start where the first page stands in the file, page aligned
   * @param pageSize a power of two
   */
  public ExtentStore(FileChannel file, long start, int pageSize) {
    this.file = file;
    this.start = start;
    this.end = start;
    this.pageSize = pageSize;
  }

  /** Copies one file's bytes to the sink it is given. */
  @FunctionalInterface
  public interface Content {
    void copyTo(DataSink sink) throws IOException;
  }

  /**
   * Stores one file.
   *
   * @param size its bytes; the content must have exactly as many
   * @return where they stand in the file; 0 for an empty one
   */
  public long store(long size, Content content) throws IOException {
    Appender appender = new Appender(end);
    content.copyTo(appender);
    appender.finish(size);
    if (size == 0) {
      return 0;
    }
    int crc = (int) appender.crc.getValue();
    long same = findSame(crc, size);
    if (same >= 0) {
      // The pages behind the end must be zero again for the next file's tail.
      file.truncate(end);
      return same;
    }
    long extent = end;
    index.add(crc, size, extent);
    contents.update(fingerprint.clear().putInt(crc).putLong(size).flip());
    end += pages(size);
    return extent;
  }

  /**
   * A digest of the checksums and sizes of all that was stored: enough to tell images apart, but no
   * proof of their content. Ends the storing.
   */
  public byte[] contentsDigest() {
    return contents.digest();
  }

  /** Where the data ends: page aligned. */
  public long end() {
    return end;
  }

  /** Bytes that files of this size take, in whole pages. */
  public long pages(long size) {
    return (size + pageSize - 1) & -pageSize;
  }

  /**
   * Closes the gaps that extents leave which nothing refers to in the end: files that the same
   * layer has a second time.
   *
   * @param offsets where each extent stands that is referred to, ascending and each once
   * @param sizes the bytes of each
   * @return the new offsets, in the same order
   */
  public long[] compact(long[] offsets, long[] sizes) throws IOException {
    long[] moved = new long[offsets.length];
    long to = start;
    for (int i = 0; i < offsets.length; i++) {
      moved[i] = to;
      if (offsets[i] != to) {
        move(offsets[i], to, pages(sizes[i]));
      }
      to += pages(sizes[i]);
    }
    if (to != end) {
      file.truncate(to);
      end = to;
    }
    return moved;
  }

  private void move(long from, long to, long count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    for (long done = 0; done < count; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), count - done));
      if (file.read(buffer, from + done) < 0) {
        // The rest of the last page was never written: it is zeros that the file does not have yet,
        // and other bytes may stand where they go.
        buffer.put(new byte[buffer.remaining()]);
      }
      done += buffer.position();
      write(buffer.flip(), to + done - buffer.limit());
    }
  }

  private long findSame(int crc, long size) throws IOException {
    for (ExtentIndex.Candidates candidates = index.candidates(crc, size); candidates.next(); ) {
      if (isSame(candidates.offset(), end, size)) {
        return candidates.offset();
      }
    }
    return -1;
  }

  private boolean isSame(long one, long other, long size) throws IOException {
    byte[] left = new byte[(int) Math.min(size, BUFFER)];
    byte[] right = new byte[left.length];
    for (long done = 0; done < size; done += left.length) {
      int count = (int) Math.min(left.length, size - done);
      read(left, count, one + done);
      read(right, count, other + done);
      if (!Arrays.equals(left, 0, count, right, 0, count)) {
        return false;
      }
    }
    return true;
  }

  private void read(byte[] into, int count, long at) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into, 0, count);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + buffer.position()) < 0) {
        Arrays.fill(into, buffer.position(), count, (byte) 0);
        return;
      }
    }
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }

  /** Writes one file's bytes behind the last extent. */
  private final class Appender implements DataSink {
    private final CRC32C crc = new CRC32C();
    private final long from;
    private long position;

    Appender(long from) {
      this.from = from;
      this.position = from;
    }

    @Override
    public void data(byte[] bytes, int offset, int length) throws IOException {
      crc.update(bytes, offset, length);
      write(ByteBuffer.wrap(bytes, offset, length), position);
      position += length;
    }

    @Override
    public void hole(long length) {
      for (long left = length; left > 0; left -= zeros.capacity()) {
        crc.update(zeros.clear().limit((int) Math.min(left, zeros.capacity())));
      }
      position += length;
    }

    void finish(long size) {
      if (position - from != size) {
        throw new IllegalStateException(
            "a file of " + size + " bytes came with " + (position - from));
      }
    }
  }
}

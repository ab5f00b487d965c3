package io.daxconv.converter.extent;

import io.daxconv.converter.layer.DataSink;
import io.daxconv.converter.linux.SparseFile;
import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;

/**
 * Regular data on its way into an image: each file in whole pages, one behind the other, in the
 * order in which they are stored, and each content once.
 *
 * <p>Two files share an extent if their bytes are equal. A checksum finds candidates; the bytes
 * decide.
 *
 * <p>Files of some size on can be aligned further, so that mappings of them can have huge pages.
 * What is passed over for that is zeros.
 */
public final class ExtentStore {
  private static final int BUFFER = 1 << 20;

  /** Two of these fit the nearest caches. */
  private static final int COMPARED = 1 << 17;

  private final FileChannel file;
  private final DataWriter writer;
  private final int pageSize;
  private final long largeAlignment;
  private final ExtentIndex index = new ExtentIndex();
  private final ByteBuffer left = ByteBuffer.allocateDirect(COMPARED);
  private final ByteBuffer right = ByteBuffer.allocateDirect(COMPARED);
  private final MessageDigest contents = Digest.Algorithm.SHA256.newHash();
  private final ByteBuffer fingerprint = ByteBuffer.allocate(Integer.BYTES + Long.BYTES);
  private final CopyRun copies;
  private final long start;
  private long end;
  private long stored;

  /**
   * An empty store.
   *
   * @param file where the data goes
   * @param start where the first page stands in the file, page aligned
   * @param pageSize a power of two
   */
  public ExtentStore(FileChannel file, long start, int pageSize) {
    this(file, start, pageSize, 0);
  }

  /**
   * An empty store that aligns large files.
   *
   * @param file where the data goes
   * @param start where the first page stands in the file, page aligned
   * @param pageSize a power of two
   * @param largeAlignment files of so many bytes or more start at a multiple of it; a power of two
   *     of at least a page, or 0 for none
   */
  public ExtentStore(FileChannel file, long start, int pageSize, long largeAlignment) {
    this.largeAlignment = largeAlignment;
    this.file = file;
    this.writer = new DataWriter(file, start);
    this.copies = new CopyRun(file);
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
    long extent = aligned(end, size);
    writer.skip(extent - end);
    Appender appender = new Appender();
    content.copyTo(appender);
    appender.finish(size);
    if (size == 0) {
      return 0;
    }
    int crc = appender.checksum.value();
    long same = findSame(crc, extent, size);
    if (same >= 0) {
      writer.cutTo(end);
      return same;
    }
    stored++;
    index.add(crc, size, extent);
    contents.update(fingerprint.clear().putInt(crc).putLong(size).flip());
    end = extent + pages(size);
    writer.skip(end - writer.position());
    return extent;
  }

  /**
   * Stores one file whose bytes are in another file: the kernel copies them, or shares the blocks
   * where the file system can (copy_file_range(2)). Its holes stay holes.
   *
   * @param size its bytes
   * @param crc their CRC32C
   * @param from holds them from {@code offset} on, in whole pages of {@link CopyRun#PAGE}
   * @return where they stand in the file; 0 for an empty one
   */
  public long storeCopy(long size, int crc, SparseFile from, long offset) throws IOException {
    if (size == 0) {
      return 0;
    }
    for (ExtentIndex.Candidates candidates = index.candidates(crc, size); candidates.next(); ) {
      copies.flush();
      if (isSame(candidates.offset(), from, offset, size)) {
        return candidates.offset();
      }
    }
    long extent = aligned(end, size);
    stored++;
    index.add(crc, size, extent);
    contents.update(fingerprint.clear().putInt(crc).putLong(size).flip());
    copies.add(from, offset, extent, size);
    end = extent + pages(size);
    writer.jumpTo(end);
    return extent;
  }

  private boolean isSame(long one, SparseFile from, long offset, long size) throws IOException {
    for (long done = 0; done < size; done += COMPARED) {
      int count = (int) Math.min(COMPARED, size - done);
      writer.read(left.clear().limit(count), one + done);
      right.clear().limit(count);
      while (right.hasRemaining()) {
        if (from.channel().read(right, offset + done + right.position()) < 0) {
          return false;
        }
      }
      if (left.flip().mismatch(right.flip()) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Writes what is still held back; {@link #compact} does so too. */
  public void flush() throws IOException {
    copies.flush();
    writer.flush();
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

  /** Bytes from where the data starts to where it ends. */
  public long length() {
    return end - start;
  }

  /** Bytes that files of this size take, in whole pages. */
  public long pages(long size) {
    return (size + pageSize - 1) & -pageSize;
  }

  /** Where a file of some size may start, from an offset on. */
  private long aligned(long from, long size) {
    boolean large = largeAlignment != 0 && size >= largeAlignment;
    return large ? (from + largeAlignment - 1) & -largeAlignment : from;
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
    flush();
    if (offsets.length == stored) {
      return offsets.clone();
    }
    long[] moved = new long[offsets.length];
    long to = start;
    for (int i = 0; i < offsets.length; i++) {
      // Never behind where it is: what stands before it has become no more.
      long from = to;
      to = aligned(to, sizes[i]);
      moved[i] = to;
      clear(from, to);
      if (offsets[i] != to) {
        move(offsets[i], to, pages(sizes[i]));
      }
      to += pages(sizes[i]);
    }
    if (to != end) {
      writer.cutTo(to);
      end = to;
    }
    return moved;
  }

  /** Makes zeros of what may have been the data of others. */
  private void clear(long from, long to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(BUFFER, to - from));
    for (long at = from; at < to; at += zeros.capacity()) {
      write(zeros.clear().limit((int) Math.min(zeros.capacity(), to - at)), at);
    }
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

  private long findSame(int crc, long extent, long size) throws IOException {
    for (ExtentIndex.Candidates candidates = index.candidates(crc, size); candidates.next(); ) {
      copies.flush();
      if (isSame(candidates.offset(), extent, size)) {
        return candidates.offset();
      }
    }
    return -1;
  }

  private boolean isSame(long one, long other, long size) throws IOException {
    for (long done = 0; done < size; done += COMPARED) {
      int count = (int) Math.min(COMPARED, size - done);
      writer.read(left.clear().limit(count), one + done);
      writer.read(right.clear().limit(count), other + done);
      if (left.flip().mismatch(right.flip()) >= 0) {
        return false;
      }
    }
    return true;
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    for (long to = at; bytes.hasRemaining(); ) {
      to += file.write(bytes, to);
    }
  }

  /** Writes one file's bytes behind the last extent. */
  private final class Appender implements DataSink {
    private final ContentChecksum checksum = new ContentChecksum();
    private final long from = writer.position();

    @Override
    public void data(ByteBuffer bytes) throws IOException {
      checksum.data(bytes.duplicate());
      writer.write(bytes);
    }

    @Override
    public void hole(long length) throws IOException {
      checksum.zeros(length);
      writer.skip(length);
    }

    void finish(long size) {
      if (writer.position() - from != size) {
        throw new IllegalStateException(
            "a file of " + size + " bytes came with " + (writer.position() - from));
      }
    }
  }
}

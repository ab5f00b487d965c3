package io.daxconv.converter.extent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Writes bytes one behind the other. Small pieces are gathered, so that a thousand small files are
 * one write; large ones go to the file as they are. What is passed over, and whole blocks of zeros
 * in large pieces, stay holes.
 */
final class DataWriter {
  /** From here on, copying a piece costs more than a system call. */
  private static final int LARGE = 1 << 15;

  private static final int GATHERED = 1 << 19;

  /** What a file system can leave out; none has smaller blocks that matters. */
  private static final int BLOCK = 4096;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK);

  private final FileChannel file;
  private final ByteBuffer gathered = ByteBuffer.allocateDirect(GATHERED);

  /** Where the first gathered byte goes. */
  private long start;

  DataWriter(FileChannel file, long start) {
    this.file = file;
    this.start = start;
  }

  /** Where the next byte goes. */
  long position() {
    return start + gathered.position();
  }

  void write(ByteBuffer bytes) throws IOException {
    if (bytes.remaining() >= LARGE) {
      // Up to the next block the bytes are gathered, so that the rest starts on one.
      gather(bytes, (int) (-position() & (BLOCK - 1)));
      flush();
      int whole = bytes.remaining() & -BLOCK;
      writeBlocks(bytes.slice(bytes.position(), whole));
      bytes.position(bytes.position() + whole);
    }
    gather(bytes, bytes.remaining());
  }

  private void gather(ByteBuffer bytes, int count) throws IOException {
    for (int left = count; left > 0; ) {
      if (!gathered.hasRemaining()) {
        flush();
      }
      int some = Math.min(left, gathered.remaining());
      gathered.put(bytes.slice(bytes.position(), some));
      bytes.position(bytes.position() + some);
      left -= some;
    }
  }

  /** Passes over bytes that were never written, or were cut off: they read as zeros. */
  void skip(long count) throws IOException {
    if (count <= gathered.remaining() && count < LARGE) {
      for (long left = count; left > 0; left -= BLOCK) {
        gathered.put(ZEROS.slice(0, (int) Math.min(left, BLOCK)));
      }
      return;
    }
    flush();
    start += count;
  }

  /** Goes on behind bytes that somebody else writes. */
  void jumpTo(long position) throws IOException {
    flush();
    start = position;
  }

  /** Forgets all from a position on. */
  void cutTo(long position) throws IOException {
    if (position >= start) {
      gathered.position((int) (position - start));
      return;
    }
    gathered.clear();
    start = position;
    if (file.size() > position) {
      file.truncate(position);
    }
  }

  /** Writes what was gathered. */
  void flush() throws IOException {
    gathered.flip();
    int count = gathered.remaining();
    writeAll(gathered, start);
    start += count;
    gathered.clear();
  }

  /** Reads bytes that were written or passed over before; those behind the last are zeros. */
  void read(ByteBuffer into, long at) throws IOException {
    long from = at;
    while (into.hasRemaining() && from < start) {
      ByteBuffer part = into.slice(into.position(), (int) Math.min(into.remaining(), start - from));
      int read = file.read(part, from);
      if (read < 0) {
        // A hole that nothing stands behind yet.
        while (part.hasRemaining()) {
          part.put(ZEROS.slice(0, Math.min(part.remaining(), BLOCK)));
        }
      }
      from += part.position();
      into.position(into.position() + part.position());
    }
    if (into.hasRemaining()) {
      int offset = (int) (from - start);
      int count = Math.min(into.remaining(), Math.max(0, gathered.position() - offset));
      into.put(gathered.slice(offset, count));
    }
    while (into.hasRemaining()) {
      into.put((byte) 0);
    }
  }

  /** Writes whole blocks, but not those of zeros. */
  private void writeBlocks(ByteBuffer blocks) throws IOException {
    int from = 0;
    for (int at = 0; at < blocks.limit(); at += BLOCK) {
      if (blocks.getLong(at) == 0 && blocks.slice(at, BLOCK).mismatch(ZEROS.duplicate()) < 0) {
        writeAll(blocks.slice(from, at - from), start + from);
        from = at + BLOCK;
      }
    }
    writeAll(blocks.slice(from, blocks.limit() - from), start + from);
    start += blocks.limit();
  }

  private void writeAll(ByteBuffer bytes, long at) throws IOException {
    for (long to = at; bytes.hasRemaining(); ) {
      to += file.write(bytes, to);
    }
  }
}

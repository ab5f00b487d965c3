package io.daxconv.converter.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Writes structs one behind the other into a file, through a buffer of bounded size. Each struct
 * gets zeroed bytes to write itself into.
 */
public final class RegionWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 20;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(BUFFER);
  private final FileChannel file;
  private long bufferStart;
  private int used;
  private @Nullable MessageDigest hash;

  /** Starts at an offset of the file. */
  public RegionWriter(FileChannel file, long start) {
    this.file = file;
    this.bufferStart = start;
  }

  /** Where the next struct comes to stand in the file. */
  public long position() {
    return bufferStart + used;
  }

  /**
   * Zeroed bytes for the next struct, to be filled before the next call.
   *
   * @param size at most 1 MiB
   */
  public MemorySegment next(int size) throws IOException {
    if (used + size > BUFFER) {
      flush();
    }
    MemorySegment slot = buffer.asSlice(used, size).fill((byte) 0);
    used += size;
    return slot;
  }

  /** Bytes as they are. */
  public void bytes(byte[] bytes) throws IOException {
    for (int done = 0; done < bytes.length; ) {
      int count = Math.min(bytes.length - done, BUFFER);
      MemorySegment.copy(MemorySegment.ofArray(bytes), done, next(count), 0, count);
      done += count;
    }
  }

  /**
   * Zeros up to an offset of the file.
   *
   * @throws IllegalStateException if that is already behind: the plan and the writing differ
   */
  public void padTo(long offset) throws IOException {
    if (offset < position()) {
      throw new IllegalStateException("planned to be at " + offset + ", but is at " + position());
    }
    while (position() < offset) {
      next((int) Math.min(BUFFER, offset - position()));
    }
  }

  /**
   * Zeros up to an offset of the file that is known to hold nothing yet. Much of them is passed
   * over and becomes a hole; whoever comes last must write something behind it.
   */
  public void holeTo(long offset) throws IOException {
    if (offset - position() > BUFFER && hash == null) {
      flush();
      bufferStart = offset;
    }
    padTo(offset);
  }

  /** From here on, what is written is hashed as well. */
  public void startHash(MessageDigest into) throws IOException {
    flush();
    hash = into;
  }

  /** Ends what {@link #startHash} began. */
  public void endHash() throws IOException {
    flush();
    hash = null;
  }

  private void flush() throws IOException {
    ByteBuffer bytes = buffer.asSlice(0, used).asByteBuffer();
    if (hash != null) {
      hash.update(bytes.duplicate());
    }
    while (bytes.hasRemaining()) {
      bufferStart += file.write(bytes, bufferStart);
    }
    used = 0;
  }

  /** Writes what is still buffered. */
  public void finish() throws IOException {
    flush();
  }

  @Override
  public void close() {
    arena.close();
  }
}

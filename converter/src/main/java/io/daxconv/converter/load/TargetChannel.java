package io.daxconv.converter.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A target's memory as a file that begins empty and grows, so that an image is made in it as in any
 * file. What stood in the memory before is never read: what is passed over is zeroed when something
 * is written behind it. Only what names a position works.
 *
 * <p>The first bytes, in which both superblocks stand, are kept back until {@link #release}: until
 * then nobody finds an image in the memory.
 */
final class TargetChannel extends FileChannel {
  /** Both superblocks, and what tells of the annex. */
  static final int HEAD = 4096;

  private static final int ZEROS = 1 << 20;

  private final LoadTarget target;
  private final TargetMemory memory;
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS);
  private final ByteBuffer head = ByteBuffer.allocateDirect(HEAD);
  private long size;

  TargetChannel(LoadTarget target, TargetMemory memory) {
    this.target = target;
    this.memory = memory;
  }

  @Override
  public synchronized int read(ByteBuffer into, long position) throws IOException {
    if (position >= size) {
      return -1;
    }
    int count = (int) Math.min(into.remaining(), size - position);
    if (position < HEAD) {
      count = (int) Math.min(count, HEAD - position);
      into.put(head.slice((int) position, count));
      return count;
    }
    int limit = into.limit();
    memory.read(into.limit(into.position() + count), position);
    into.limit(limit);
    return count;
  }

  @Override
  public synchronized int write(ByteBuffer from, long position) throws IOException {
    int count = from.remaining();
    if (position + count > memory.capacity()) {
      throw new LoadException(
          target,
          "expected room for the image, found %d bytes, of which it had filled %d"
              .formatted(memory.capacity(), size));
    }
    while (size < position) {
      int gap = (int) Math.min(ZEROS, position - size);
      put(zeros.clear().limit(gap), size);
      size += gap;
    }
    put(from, position);
    size = Math.max(size, position + count);
    return count;
  }

  private void put(ByteBuffer from, long position) throws IOException {
    if (position < HEAD) {
      int count = (int) Math.min(from.remaining(), HEAD - position);
      head.slice((int) position, count).put(from.slice(from.position(), count));
      from.position(from.position() + count);
    }
    if (from.hasRemaining()) {
      memory.write(from, Math.max(position, HEAD));
    }
  }

  /** Writes what was kept back, once all the rest is where others read it. */
  synchronized void release() throws IOException {
    memory.sync();
    memory.write(head.duplicate().clear().limit((int) Math.min(HEAD, size)), 0);
    memory.sync();
  }

  @Override
  public synchronized long size() {
    return size;
  }

  @Override
  public synchronized FileChannel truncate(long to) {
    size = Math.min(size, to);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    memory.sync();
  }

  /** The memory is closed by who opened it. */
  @Override
  protected void implCloseChannel() {}

  @Override
  public int read(ByteBuffer into) {
    throw positionsOnly();
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) {
    throw positionsOnly();
  }

  @Override
  public int write(ByteBuffer from) {
    throw positionsOnly();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw positionsOnly();
  }

  @Override
  public long position() {
    throw positionsOnly();
  }

  @Override
  public FileChannel position(long newPosition) {
    throw positionsOnly();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel to) {
    throw positionsOnly();
  }

  @Override
  public long transferFrom(ReadableByteChannel from, long position, long count) {
    throw positionsOnly();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long length) {
    throw positionsOnly();
  }

  @Override
  public FileLock lock(long position, long length, boolean shared) {
    throw positionsOnly();
  }

  @Override
  public FileLock tryLock(long position, long length, boolean shared) {
    throw positionsOnly();
  }

  private static UnsupportedOperationException positionsOnly() {
    return new UnsupportedOperationException("reads and writes at positions only");
  }
}

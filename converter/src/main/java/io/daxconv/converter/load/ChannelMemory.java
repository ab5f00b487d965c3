package io.daxconv.converter.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A block device, or a file, read and written through its channel. */
final class ChannelMemory implements TargetMemory {
  /** Drops what the kernel caches of a block device. */
  @FunctionalInterface
  interface CacheDrop {
    void drop() throws IOException;
  }

  private final FileChannel channel;
  private final long capacity;
  private final CacheDrop cache;

  ChannelMemory(FileChannel channel, long capacity, CacheDrop cache) {
    this.channel = channel;
    this.capacity = capacity;
    this.cache = cache;
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public void write(ByteBuffer bytes, long at) throws IOException {
    for (long to = at; bytes.hasRemaining(); ) {
      to += channel.write(bytes, to);
    }
  }

  @Override
  public void read(ByteBuffer into, long at) throws IOException {
    for (long from = at; into.hasRemaining(); ) {
      int count = channel.read(into, from);
      if (count < 0) {
        throw new IOException("expected bytes at " + from + ", found the end");
      }
      from += count;
    }
  }

  @Override
  public void sync() throws IOException {
    channel.force(true);
    cache.drop();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package io.daxconv.converter.load;

import io.daxconv.converter.ImageOutput;
import io.daxconv.converter.linux.NewMount;
import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A target's memory while an image comes into it. What stood there before is made invalid first,
 * and the image becomes valid last; if it is closed before, if the program is asked to end, and if
 * anything fails, no superblock is left.
 */
public final class MemoryOutput implements ImageOutput {
  private final Place place;
  private final Host host;
  private final LoadState state;
  private final @Nullable Path mount;
  private final Thread atExit = new Thread(this::clearAtExit, "clear the target");
  private final TargetMemory memory;
  private final TargetChannel channel;
  private LoadRecord record;
  private boolean done;
  private boolean ended;
  private boolean closed;

  private MemoryOutput(
      Place place,
      Host host,
      LoadState state,
      LoadRecord record,
      @Nullable Path mount,
      TargetMemory memory) {
    this.place = place;
    this.host = host;
    this.state = state;
    this.record = record;
    this.mount = mount;
    this.memory = memory;
    this.channel = new TargetChannel(place.target(), memory);
  }

  /**
   * Opens a place that was checked.
   *
   * @param image what the record says it comes from
   * @param size its bytes, or {@link Place#UNKNOWN}
   */
  static MemoryOutput begin(Place place, Host host, String image, long size, @Nullable Path mount)
      throws IOException {
    LoadState state = LoadState.lock(host, place.target(), MemoryLoads.also(place.target(), mount));
    try {
      MemoryLoads.refuseLoaded(state, place.target());
    } catch (Throwable e) {
      // What is noted is of another load.
      state.close();
      throw e;
    }
    try {
      LoadRecord record =
          new LoadRecord(
              place.target().toString(),
              LoadRecord.State.FILLING,
              state.boot(),
              image,
              Math.max(size, 0),
              0,
              mount == null ? null : mount.toString(),
              null,
              null);
      state.write(record);
      TargetMemory memory = place.open(size);
      MemoryOutput output = new MemoryOutput(place, host, state, record, mount, memory);
      try {
        output.watch();
        output.noteAddress();
        output.clear();
      } catch (Throwable e) {
        // What was opened is closed below, and not the hook's to clear any more.
        output.forgetHook();
        throw e;
      }
      return output;
    } catch (Throwable e) {
      try {
        state.delete();
      } finally {
        state.close();
        place.close();
      }
      throw e;
    }
  }

  private void watch() throws IOException {
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
    } catch (IllegalStateException shuttingDown) {
      throw new InterruptedIOException("interrupted");
    }
  }

  private void forgetHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException shuttingDown) {
      // The hook runs, and has cleared it or finds nothing to do.
      return;
    }
  }

  /** Memory that was allocated for good is noted before anything else can go wrong. */
  private void noteAddress() throws IOException {
    PhysicalRange range = place.range();
    if (place.target() instanceof LoadTarget.LazyCma && range != null) {
      note(LoadRecord.State.FILLING, record.size(), range.address());
    }
  }

  private void note(LoadRecord.State to, long size, long address) throws IOException {
    record =
        new LoadRecord(
            record.target(),
            to,
            record.boot(),
            record.image(),
            size,
            address,
            record.mount(),
            null,
            null);
    state.write(record);
  }

  /** No superblock is left, whatever else is. */
  private void clear() throws IOException {
    int count = (int) Math.min(TargetChannel.HEAD, memory.capacity());
    memory.write(ByteBuffer.allocateDirect(count), 0);
    memory.sync();
  }

  private synchronized void clearAtExit() {
    ended = true;
    if (!done && !closed) {
      try {
        abandon();
      } catch (IOException e) {
        System.err.println("daxconv: could not clear " + place.target() + ": " + e.getMessage());
      }
    }
  }

  @Override
  public Path place() {
    return MemoryLoads.device(place.target());
  }

  @Override
  public FileChannel channel() {
    return channel;
  }

  /** The image is valid from here on; {@link #finish} tells the rest of it. */
  @Override
  public synchronized void commit() throws IOException {
    if (ended) {
      throw new InterruptedIOException("interrupted");
    }
    channel.release();
  }

  /**
   * Reads back what the target holds, mounts it if that is wanted, and notes that it is loaded.
   *
   * @param source what it must be equal to; null to compare with nothing
   */
  public LoadResult finish(@Nullable Path source, LoadListener listener) throws IOException {
    long size = channel.size();
    Digest digest = new ImageCopy(place.target(), source, size).readBack(memory::read, listener);
    note(LoadRecord.State.FILLING, size, record.address());
    NewMount how = place.mount(size);
    synchronized (this) {
      if (ended) {
        throw new InterruptedIOException("interrupted");
      }
      place.finish();
      if (mount != null) {
        mount(how, mount);
      }
      done = true;
    }
    note(LoadRecord.State.LOADED, size, record.address());
    return MemoryLoads.result(place, size, how, digest, mount);
  }

  private void mount(NewMount how, Path directory) throws IOException {
    try {
      host.kernel().mount(how, directory);
    } catch (IOException e) {
      throw new LoadException(
          place.target(), "expected to mount it on " + directory + ", found " + e.getMessage(), e);
    }
  }

  /** Closes what is open; clears the target unless it was finished. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    forgetHook();
    try {
      if (!done) {
        abandon();
      }
    } finally {
      try {
        place.close();
      } finally {
        state.close();
      }
    }
  }

  private void abandon() throws IOException {
    try {
      clear();
    } catch (java.nio.channels.ClosedChannelException letGo) {
      // It was let go for a mount that failed.
      MemoryLoads.clear(place);
    }
    state.delete();
  }

  /** Copies a file into the target. */
  void copy(Path source, long size, LoadListener listener) throws IOException {
    new ImageCopy(place.target(), source, size).write(channel, listener);
  }
}

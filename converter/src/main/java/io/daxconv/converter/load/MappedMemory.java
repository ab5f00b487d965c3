package io.daxconv.converter.load;

import io.daxconv.converter.linux.Kernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Memory that is mapped. A device that fails while it is touched (SIGBUS) makes an {@link
 * InternalError} of the JVM's, which becomes an {@link IOException} here.
 */
final class MappedMemory implements TargetMemory {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment bytes;

  /**
   * @param length whole pages of the device
   * @param capacity how many bytes of them are used
   */
  MappedMemory(Kernel kernel, int fd, long offset, long length, long capacity) throws IOException {
    try {
      bytes = kernel.map(fd, offset, length, arena).asSlice(0, capacity);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public long capacity() {
    return bytes.byteSize();
  }

  @Override
  public void write(ByteBuffer from, long at) throws IOException {
    int count = from.remaining();
    copy(MemorySegment.ofBuffer(from), 0, bytes, at, count);
    from.position(from.limit());
  }

  @Override
  public void read(ByteBuffer into, long at) throws IOException {
    int count = into.remaining();
    copy(bytes, at, MemorySegment.ofBuffer(into), 0, count);
    into.position(into.limit());
  }

  private static void copy(MemorySegment from, long at, MemorySegment into, long to, long count)
      throws IOException {
    try {
      MemorySegment.copy(from, at, into, to, count);
    } catch (InternalError e) {
      throw new IOException("the memory failed while it was mapped (SIGBUS)", e);
    }
  }

  /** Memory is coherent; what was written before must not be seen after what follows. */
  @Override
  public void sync() {
    VarHandle.fullFence();
  }

  @Override
  public void close() {
    arena.close();
  }
}

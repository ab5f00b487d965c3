package io.daxconv.converter.load;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;

import io.daxconv.converter.linux.Kernel;
import io.daxconv.converter.linux.NewMount;
import io.daxconv.converter.linux.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A dma-buf: allocated from a DMA heap (linux/dma-heap.h), filled through a mapping between the two
 * calls that tell the kernel of it (linux/dma-buf.h), and handed to DAXFS as a descriptor.
 */
final class DmaHeapPlace extends DevicePlace<LoadTarget.DmaHeap> {
  /** {@code DMA_HEAP_IOCTL_ALLOC}, {@code _IOWR('H', 0, 24)}. */
  static final long ALLOCATE = 0xC0184800L;

  /** {@code DMA_BUF_IOCTL_SYNC}, {@code _IOW('b', 0, 8)}, and its flags. */
  static final long SYNC = 0x40086200L;

  static final long READ_WRITE = 3;
  static final long SYNC_END = 4;

  static final StructLayout LAYOUT =
      struct(
          "dma_heap_allocation_data",
          24,
          u64("len"),
          u32("fd"),
          u32("fd_flags"),
          u64("heap_flags"));

  private static final VarHandle LENGTH = handle(LAYOUT, "len");
  private static final VarHandle FD = handle(LAYOUT, "fd");
  private static final VarHandle FD_FLAGS = handle(LAYOUT, "fd_flags");

  private @Nullable Device buffer;
  private long capacity = Long.MAX_VALUE;

  DmaHeapPlace(LoadTarget.DmaHeap target, Host host) {
    super(target, host);
  }

  @Override
  public void check(long size) throws IOException {
    requireSize(size);
    Device.open(target, host.kernel(), target.heap(), 0).close();
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public @Nullable PhysicalRange range() {
    return null;
  }

  @Override
  public TargetMemory open(long size) throws IOException {
    long length = wholePages(size);
    Device allocated = allocate(length);
    buffer = allocated;
    TargetMemory memory = opened(allocated, device -> new SyncedMemory(device, length, size));
    capacity = size;
    return memory;
  }

  private Device allocate(long length) throws IOException {
    try (Device heap = Device.open(target, host.kernel(), target.heap(), 0);
        Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(LAYOUT.byteSize(), 8);
      LENGTH.set(request, 0L, length);
      FD_FLAGS.set(request, 0L, Kernel.O_RDWR | Kernel.O_CLOEXEC);
      host.kernel().ioctl(heap.fd(), ALLOCATE, request);
      return new Device(host.kernel(), (int) FD.get(request, 0L));
    } catch (SystemCallException e) {
      throw new LoadException(
          target, "expected a buffer of %d bytes, found %s".formatted(length, e.meaning()), e);
    }
  }

  @Override
  public NewMount mount(long size) {
    if (buffer == null) {
      throw new IllegalStateException("not allocated");
    }
    return DaxfsMount.dmaBuf(buffer.fd());
  }

  @Override
  public void close() throws IOException {
    capacity = Long.MAX_VALUE;
    buffer = null;
    super.close();
  }

  /** The mapping; all access to it is told the kernel. */
  private final class SyncedMemory implements TargetMemory {
    private final Device device;
    private final MappedMemory mapped;

    SyncedMemory(Device device, long length, long capacity) throws IOException {
      this.device = device;
      mapped = new MappedMemory(host.kernel(), device.fd(), 0, length, capacity);
      tell(READ_WRITE);
    }

    private void tell(long flags) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        host.kernel().ioctl(device.fd(), SYNC, arena.allocateFrom(ValueLayout.JAVA_LONG, flags));
      }
    }

    @Override
    public long capacity() {
      return mapped.capacity();
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      mapped.write(bytes, at);
    }

    @Override
    public void read(ByteBuffer into, long at) throws IOException {
      mapped.read(into, at);
    }

    @Override
    public void sync() throws IOException {
      mapped.sync();
      tell(READ_WRITE | SYNC_END);
      tell(READ_WRITE);
    }

    @Override
    public void close() throws IOException {
      try {
        tell(READ_WRITE | SYNC_END);
      } finally {
        mapped.close();
      }
    }
  }
}

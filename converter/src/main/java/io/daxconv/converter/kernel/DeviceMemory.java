package io.daxconv.converter.kernel;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Memory that is filled with an image before DAXFS is mounted from it. */
final class DeviceMemory {
  /** linux/dma-heap.h and linux/dma-buf.h. */
  private static final long DMA_HEAP_IOCTL_ALLOC = 0xc0184800L;

  private static final long DMA_BUF_IOCTL_SYNC = 0x40086200L;
  private static final long SYNC_START_WRITE = 2;
  private static final long SYNC_END_WRITE = 4 | 2;

  /** {@code struct dma_heap_allocation_data}. */
  static final StructLayout ALLOCATION =
      struct(
          "dma_heap_allocation_data",
          24,
          u64("len"),
          u32("fd"),
          u32("fd_flags"),
          u64("heap_flags"));

  private static final VarHandle LENGTH = handle(ALLOCATION, "len");
  private static final VarHandle FD = handle(ALLOCATION, "fd");
  private static final VarHandle FD_FLAGS = handle(ALLOCATION, "fd_flags");

  private static final long PAGE = 4096;
  private static final long CHUNK = 4 << 20;

  private DeviceMemory() {}

  /** A dma-buf of a heap, filled. */
  static OpenFd dmaBuf(Path heap, Path image) throws IOException {
    long room = roundedUp(Files.size(image), PAGE);
    try (Arena arena = Arena.ofConfined();
        OpenFd allocator = SystemCalls.open(heap, SystemCalls.O_RDONLY)) {
      MemorySegment request = arena.allocate(ALLOCATION.byteSize(), 8);
      LENGTH.set(request, 0L, room);
      FD_FLAGS.set(request, 0L, SystemCalls.O_RDWR | SystemCalls.O_CLOEXEC);
      SystemCalls.ioctl(
          "a dma-buf of " + room + " bytes", allocator, DMA_HEAP_IOCTL_ALLOC, request.address());
      OpenFd buffer = new OpenFd((int) FD.get(request, 0L));
      try {
        sync(buffer, SYNC_START_WRITE);
        fill(buffer, room, image);
        sync(buffer, SYNC_END_WRITE);
        return buffer;
      } catch (IOException e) {
        buffer.close();
        throw e;
      }
    }
  }

  private static void sync(OpenFd buffer, long flags) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(Long.BYTES, 8);
      request.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, flags);
      SystemCalls.ioctl("sync of a dma-buf", buffer, DMA_BUF_IOCTL_SYNC, request.address());
    }
  }

  /**
   * A device-DAX, filled. It has no read and no write, and maps only at its alignment, lengths too.
   */
  static void fillDeviceDax(Path device, Path about, Path image) throws IOException {
    long size = number(about.resolve("size"));
    long mapped = roundedUp(Files.size(image), number(about.resolve("align")));
    if (mapped > size) {
      throw KernelException.missing(
          device + ": expected at least " + mapped + " bytes, found " + size);
    }
    try (OpenFd fd = SystemCalls.open(device, SystemCalls.O_RDWR)) {
      fill(fd, mapped, image);
    }
  }

  /** A number in a file of sysfs, decimal or hexadecimal. */
  static long number(Path file) throws IOException {
    return Long.decode(Files.readString(file).strip());
  }

  /** What stands there already is left alone: the same image may be mounted from it. */
  static void fill(OpenFd fd, long room, Path image) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
      MemorySegment source = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      MemorySegment memory = SystemCalls.map(fd, 0, room, arena);
      for (long at = 0; at < source.byteSize(); at += CHUNK) {
        long length = Math.min(CHUNK, source.byteSize() - at);
        MemorySegment from = source.asSlice(at, length);
        MemorySegment to = memory.asSlice(at, length);
        if (from.mismatch(to) >= 0) {
          to.copyFrom(from);
        }
      }
    }
  }

  private static long roundedUp(long size, long unit) {
    return Math.ceilDiv(size, unit) * unit;
  }
}

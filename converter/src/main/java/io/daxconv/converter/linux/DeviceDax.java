package io.daxconv.converter.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.daxconv.converter.CorruptImageException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Maps a device of device DAX ({@code /dev/daxX.Y}), which has neither {@code read} nor a size that
 * {@code stat} shows: the size stands in sysfs, and Java maps nothing whose size it takes for 0.
 */
public final class DeviceDax {
  private static final MethodHandle OPEN = Libc.call("open", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle MMAP =
      Libc.call("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle MUNMAP = Libc.call("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle CLOSE = Libc.call("close", JAVA_INT, JAVA_INT);

  // asm-generic/fcntl.h and asm-generic/mman-common.h
  private static final int O_CLOEXEC = 02000000;
  private static final int PROT_READ = 1;
  private static final int MAP_SHARED = 1;
  private static final long MAP_FAILED = -1;

  private DeviceDax() {}

  /**
   * Maps all of a device, read-only.
   *
   * @param name how messages name it
   * @param arena ends the mapping
   * @throws CorruptImageException if it is no device of device DAX
   * @throws IOException if it cannot be opened or mapped
   */
  public static MemorySegment map(String name, Path device, Arena arena) throws IOException {
    long size = size(name, device);
    try (Arena call = Arena.ofConfined()) {
      MemorySegment state = Libc.callState(call);
      MemorySegment path = Libc.cString(call, Libc.bytes(device));
      int file = (int) OPEN.invokeExact(state, path, O_CLOEXEC);
      if (file < 0) {
        throw Libc.failed("open", Libc.bytes(device), state);
      }
      try {
        MemorySegment at =
            (MemorySegment)
                MMAP.invokeExact(state, MemorySegment.NULL, size, PROT_READ, MAP_SHARED, file, 0L);
        if (at.address() == MAP_FAILED) {
          throw Libc.failed("mmap", Libc.bytes(device), state);
        }
        return at.reinterpret(size, arena, mapped -> unmap(mapped, size)).asReadOnly();
      } finally {
        int _ = (int) CLOSE.invokeExact(state, file);
      }
    } catch (Throwable e) {
      throw Libc.rethrown(e);
    }
  }

  private static long size(String name, Path device) throws IOException {
    long number = (long) Files.getAttribute(device, "unix:rdev");
    // The C library's encoding (gnu_dev_makedev in sys/sysmacros.h).
    long major = ((number >>> 8) & 0xfff) | ((number >>> 32) & ~0xfffL);
    long minor = (number & 0xff) | ((number >>> 12) & ~0xffL);
    Path size = Path.of("/sys/dev/char/" + major + ":" + minor + "/size");
    try {
      return Long.parseLong(Files.readString(size).strip());
    } catch (NoSuchFileException | NumberFormatException e) {
      throw new CorruptImageException(
          name + ": expected a file, a block device or a device of device DAX, found another one");
    }
  }

  private static void unmap(MemorySegment mapped, long size) {
    try (Arena call = Arena.ofConfined()) {
      int _ = (int) MUNMAP.invokeExact(Libc.callState(call), mapped, size);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.daxconv.converter.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.daxconv.converter.linux.Libc;
import io.daxconv.converter.text.Escapes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Linux's calls about mounts, by the C library. Debian 12's has a function for each, others have
 * not, so the newer ones go through {@code syscall(2)}: since number 424 all processors have the
 * same numbers (asm-generic/unistd.h, and x86's syscall_64.tbl).
 */
final class SystemCalls {
  static final int OPEN_TREE = 428;
  static final int MOVE_MOUNT = 429;
  static final int FSOPEN = 430;
  static final int FSCONFIG = 431;
  static final int FSMOUNT = 432;
  static final int MOUNT_SETATTR = 442;

  /** fcntl.h; these are the same on all processors that Java's foreign functions are on. */
  static final int AT_FDCWD = -100;

  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_EMPTY_PATH = 0x1000;

  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;

  private static final MethodHandle SYSCALL =
      Libc.variadic(
          "syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
          JAVA_LONG);
  private static final MethodHandle OPEN =
      Libc.variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = Libc.call("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle READ =
      Libc.call("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle IOCTL =
      Libc.variadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle STATX =
      Libc.call("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle UMOUNT2 = Libc.call("umount2", JAVA_INT, ADDRESS, JAVA_INT);

  private static final MethodHandle MMAP =
      Libc.call("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle MUNMAP = Libc.call("munmap", JAVA_INT, ADDRESS, JAVA_LONG);

  /** {@code PROT_READ | PROT_WRITE} and {@code MAP_SHARED} (mmap(2)). */
  private static final int READ_WRITE = 3;

  private static final int SHARED = 1;

  private static final MethodHandle SYSCONF = Libc.call("sysconf", JAVA_LONG, JAVA_INT);

  /** unistd.h of Linux's C libraries. */
  private static final int SC_PAGESIZE = 30;

  private SystemCalls() {}

  /**
   * A call by its number; arguments that are addresses must stay valid meanwhile.
   *
   * @param what it is for, printable, for the message if it fails
   */
  static int call(String what, int number, long... arguments) throws KernelException {
    long[] all = Arrays.copyOf(arguments, 5);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.callState(arena);
      long result =
          (long) SYSCALL.invokeExact(state, (long) number, all[0], all[1], all[2], all[3], all[4]);
      return result < 0 ? failed(what, state) : (int) result;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Opens a path. */
  static OpenFd open(Path path, int flags) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.callState(arena);
      int fd = (int) OPEN.invokeExact(state, cString(arena, path), flags | O_CLOEXEC, 0);
      return new OpenFd(fd < 0 ? failed("open of " + shown(path), state) : fd);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) CLOSE.invokeExact(Libc.callState(arena), fd);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads what is there; null when there is nothing or it cannot be read. */
  static byte @org.jspecify.annotations.Nullable [] read(int fd, int most) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(most);
      long length = (long) READ.invokeExact(Libc.callState(arena), fd, buffer, (long) most);
      return length <= 0 ? null : buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** A device's own call. */
  static int ioctl(String what, OpenFd fd, long request, long argument) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.callState(arena);
      int result = (int) IOCTL.invokeExact(state, fd.number(), request, argument);
      return result < 0 ? failed(what, state) : result;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Fills {@code struct statx} for a descriptor, or for a path from it. */
  static void statx(
      String what, int directory, byte[] path, int flags, int mask, MemorySegment statx)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.callState(arena);
      int result =
          (int) STATX.invokeExact(state, directory, Libc.cString(arena, path), flags, mask, statx);
      int _ = result < 0 ? failed(what, state) : result;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void umount(Path path, int flags) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.callState(arena);
      int result = (int) UMOUNT2.invokeExact(state, cString(arena, path), flags);
      int _ = result < 0 ? failed("umount of " + shown(path), state) : result;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Maps a file or device to be read and written, until the arena is closed. */
  static MemorySegment map(OpenFd fd, long offset, long length, Arena arena)
      throws KernelException {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment state = Libc.callState(call);
      MemorySegment memory =
          (MemorySegment)
              MMAP.invokeExact(
                  state, MemorySegment.NULL, length, READ_WRITE, SHARED, fd.number(), offset);
      int _ = memory.address() == -1 ? failed("mmap of " + length + " bytes", state) : 0;
      return memory.reinterpret(length, arena, mapped -> unmap(mapped, length));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private static void unmap(MemorySegment memory, long length) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) MUNMAP.invokeExact(Libc.callState(arena), memory, length);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes of a page of memory. */
  static int pageSize() {
    try (Arena arena = Arena.ofConfined()) {
      return (int) (long) SYSCONF.invokeExact(Libc.callState(arena), SC_PAGESIZE);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  static MemorySegment cString(Arena arena, Path path) {
    return Libc.cString(arena, bytes(path));
  }

  /** A path as the kernel has it; mount plans have only such that are UTF-8. */
  static byte[] bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8);
  }

  static String shown(Path path) {
    return Escapes.quote(path.toString());
  }

  private static int failed(String what, MemorySegment state) throws KernelException {
    throw KernelException.of(what, Libc.errno(state));
  }

  private static KernelException rethrown(Throwable e) {
    return switch (e) {
      case KernelException kernel -> kernel;
      case RuntimeException runtime -> throw runtime;
      case Error error -> throw error;
      default -> throw new IllegalStateException(e);
    };
  }
}

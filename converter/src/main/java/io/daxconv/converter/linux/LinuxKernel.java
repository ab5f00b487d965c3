package io.daxconv.converter.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.daxconv.converter.kernel.BaseMount;
import io.daxconv.converter.mount.BaseTarget;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls of the kernel that this runs on. The mount calls have no functions in older C libraries
 * (glibc before 2.36, musl), so they go through {@code syscall(2)}; their numbers are the same on
 * all processors that Java runs on (asm-generic/unistd.h; x86 took them over).
 */
public final class LinuxKernel implements Kernel {
  public static final LinuxKernel THIS = new LinuxKernel();

  private static final int SYS_MOVE_MOUNT = 429;
  private static final int SYS_FSOPEN = 430;
  private static final int SYS_FSCONFIG = 431;
  private static final int SYS_FSMOUNT = 432;

  /** {@code enum fsconfig_command} and flags (linux/mount.h). */
  private static final int FSCONFIG_SET_FLAG = 0;

  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_SET_FD = 5;
  private static final int FSCONFIG_CMD_CREATE = 6;
  private static final int FSOPEN_CLOEXEC = 1;
  private static final int FSMOUNT_CLOEXEC = 1;
  private static final long MOUNT_ATTR_RDONLY = 1;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;

  private static final int AT_FDCWD = -100;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final int SC_PAGESIZE = 30;
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int LONGEST_LOG = 4096;

  private LinuxKernel() {}

  @Override
  public int pageSize() {
    try {
      return (int) (long) Calls.SYSCONF.invokeExact(SC_PAGESIZE);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int open(Path path, int flags) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Calls.STATE);
      int fd =
          (int)
              Calls.OPEN.invokeExact(state, arena.allocateFrom(path.toString()), flags | O_CLOEXEC);
      return checked("open", fd, state);
    } catch (Throwable e) {
      throw Calls.rethrown(e);
    }
  }

  @Override
  public void close(int fd) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Calls.STATE);
      checked("close", (int) Calls.CLOSE.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw Calls.rethrown(e);
    }
  }

  @Override
  public int ioctl(int fd, long request, MemorySegment argument) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Calls.STATE);
      return checked("ioctl", (int) Calls.IOCTL.invokeExact(state, fd, request, argument), state);
    } catch (Throwable e) {
      throw Calls.rethrown(e);
    }
  }

  @Override
  public MemorySegment map(int fd, long offset, long length, Arena arena) throws IOException {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment state = call.allocate(Calls.STATE);
      MemorySegment mapped =
          (MemorySegment)
              Calls.MMAP.invokeExact(
                  state, MemorySegment.NULL, length, PROT_READ_WRITE, MAP_SHARED, fd, offset);
      if (mapped.address() == -1) {
        throw failed("mmap", state, "");
      }
      return mapped.reinterpret(length, arena, LinuxKernel::unmap);
    } catch (Throwable e) {
      throw Calls.rethrown(e);
    }
  }

  private static void unmap(MemorySegment mapped) {
    try {
      int _ = (int) Calls.MUNMAP.invokeExact(mapped, mapped.byteSize());
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void mount(NewMount mount, Path directory) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int context =
          call(arena, "fsopen", SYS_FSOPEN, text(arena, mount.type()), FSOPEN_CLOEXEC, 0, 0, 0, 0);
      try {
        configure(context, "source", mount.source(), arena);
        configure(context, "ro", "", arena);
        for (NewMount.Setting setting : mount.settings()) {
          if (setting.fd() >= 0) {
            fsconfig(context, FSCONFIG_SET_FD, text(arena, setting.key()), 0, setting.fd(), arena);
          } else {
            configure(
                context, setting.key(), setting.value() == null ? "" : setting.value(), arena);
          }
        }
        fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0, arena);
        attach(context, directory, arena);
      } finally {
        close(context);
      }
    }
  }

  @Override
  public void mountFile(Path file, Path directory) throws IOException {
    try (BaseMount mount = BaseMount.of(new BaseTarget.ImageFile(), file, "", false)) {
      mount.mount().attach(directory);
    }
  }

  private void attach(int context, Path directory, Arena arena) throws IOException {
    int mounted =
        call(arena, "fsmount", SYS_FSMOUNT, context, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY, 0, 0, 0);
    try {
      call(
          arena,
          "move_mount",
          SYS_MOVE_MOUNT,
          mounted,
          text(arena, ""),
          AT_FDCWD,
          text(arena, directory.toString()),
          MOVE_MOUNT_F_EMPTY_PATH,
          0);
    } finally {
      close(mounted);
    }
  }

  /** A text parameter, or a flag where the text is empty. */
  private static void configure(int context, String key, String value, Arena arena)
      throws IOException {
    if (value.isEmpty()) {
      fsconfig(context, FSCONFIG_SET_FLAG, text(arena, key), 0, 0, arena);
    } else {
      fsconfig(context, FSCONFIG_SET_STRING, text(arena, key), text(arena, value), 0, arena);
    }
  }

  private static void fsconfig(int context, int command, long key, long value, int aux, Arena arena)
      throws IOException {
    MemorySegment state = arena.allocate(Calls.STATE);
    if (syscall(state, SYS_FSCONFIG, context, command, key, value, aux, 0) < 0) {
      int errno = Calls.errno(state);
      throw new SystemCallException("fsconfig", errno, log(context, arena));
    }
  }

  /** What the kernel noted in the context: messages, one a read (fs/fsopen.c). */
  private static String log(int context, Arena arena) throws IOException {
    List<String> messages = new ArrayList<>();
    MemorySegment state = arena.allocate(Calls.STATE);
    MemorySegment buffer = arena.allocate(LONGEST_LOG);
    try {
      while (messages.size() < 16) {
        long count = (long) Calls.READ.invokeExact(state, context, buffer, (long) LONGEST_LOG);
        if (count <= 0) {
          break;
        }
        byte[] message = buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
        // Each begins with a letter for its weight and a space.
        messages.add(new String(message, StandardCharsets.UTF_8).strip());
      }
    } catch (Throwable e) {
      throw Calls.rethrown(e);
    }
    return String.join("; ", messages);
  }

  @Override
  public void unmount(Path directory) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Calls.STATE);
      int result =
          (int)
              Calls.UMOUNT2.invokeExact(
                  state, arena.allocateFrom(directory.toString()), UMOUNT_NOFOLLOW);
      checked("umount", result, state);
    } catch (Throwable e) {
      throw Calls.rethrown(e);
    }
  }

  private static int call(Arena arena, String name, long... numbers) throws IOException {
    MemorySegment state = arena.allocate(Calls.STATE);
    long result =
        syscall(
            state,
            numbers[0],
            numbers[1],
            numbers[2],
            numbers[3],
            numbers[4],
            numbers[5],
            numbers[6]);
    return checked(name, (int) result, state);
  }

  private static long syscall(
      MemorySegment state, long number, long a, long b, long c, long d, long e, long f)
      throws IOException {
    try {
      return (long) Calls.SYSCALL.invokeExact(state, number, a, b, c, d, e, f);
    } catch (Throwable thrown) {
      throw Calls.rethrown(thrown);
    }
  }

  private static long text(Arena arena, String text) {
    return arena.allocateFrom(text).address();
  }

  private static int checked(String name, int result, MemorySegment state) throws IOException {
    if (result < 0) {
      throw failed(name, state, "");
    }
    return result;
  }

  private static SystemCallException failed(String name, MemorySegment state, String detail) {
    return new SystemCallException(name, Calls.errno(state), detail);
  }

  /** The C library's functions, looked up when the first is called. */
  private static final class Calls {
    private static final Linker LINKER = Linker.nativeLinker();
    static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    static final MethodHandle SYSCONF =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("sysconf"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    static final MethodHandle OPEN = call("open", JAVA_INT, 2, ADDRESS, JAVA_INT);
    static final MethodHandle CLOSE = call("close", JAVA_INT, 1, JAVA_INT);
    static final MethodHandle READ = call("read", JAVA_LONG, 3, JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle IOCTL = call("ioctl", JAVA_INT, 2, JAVA_INT, JAVA_LONG, ADDRESS);
    static final MethodHandle MMAP =
        call("mmap", ADDRESS, 6, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle MUNMAP =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("munmap"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    static final MethodHandle UMOUNT2 = call("umount2", JAVA_INT, 2, ADDRESS, JAVA_INT);
    static final MethodHandle SYSCALL =
        call(
            "syscall", JAVA_LONG, 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG, JAVA_LONG);

    private Calls() {}

    /**
     * @param fixed how many arguments come before the variable ones; all where there are none
     */
    private static MethodHandle call(
        String name, MemoryLayout result, int fixed, MemoryLayout... arguments) {
      Linker.Option errno = Linker.Option.captureCallState("errno");
      FunctionDescriptor descriptor = FunctionDescriptor.of(result, arguments);
      MemorySegment function = LINKER.defaultLookup().findOrThrow(name);
      return fixed < arguments.length
          ? LINKER.downcallHandle(
              function, descriptor, errno, Linker.Option.firstVariadicArg(fixed))
          : LINKER.downcallHandle(function, descriptor, errno);
    }

    static int errno(MemorySegment state) {
      return (int) ERRNO.get(state, 0L);
    }

    static IOException rethrown(Throwable e) {
      return switch (e) {
        case IOException io -> io;
        case RuntimeException runtime -> throw runtime;
        case Error error -> throw error;
        default -> new IOException(e);
      };
    }
  }
}

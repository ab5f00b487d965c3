package io.daxconv.converter.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.daxconv.converter.text.Escapes;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The C library: how its functions are called, and the calls that read a directory tree as it is.
 * The Java library turns names into text, has no xattrs but {@code user.} ones and no device
 * numbers. {@code statx(2)} has one layout on all processors.
 */
public final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));

  private static final MethodHandle STATX =
      call("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle READLINK =
      call("readlink", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle LLISTXATTR =
      call("llistxattr", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle LGETXATTR =
      call("lgetxattr", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle OPENDIR = call("opendir", ADDRESS, ADDRESS);
  private static final MethodHandle DIRFD = call("dirfd", JAVA_INT, ADDRESS);

  // Not readdir: it tells its end from an error by an errno that is cleared before, and between
  // that and the call the Java runtime makes calls of its own.
  private static final MethodHandle GETDENTS64 =
      call("getdents64", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle CLOSEDIR = call("closedir", JAVA_INT, ADDRESS);
  private static final MethodHandle OPEN = variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle LSEEK = call("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CLOSE = call("close", JAVA_INT, JAVA_INT);

  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_SIZE = 256;

  /** The kernel's limits of one value and of the list of names (limits.h). */
  private static final int XATTR_SIZE_MAX = 65536;

  private static final int PATH_MAX = 4096;

  /** lseek(2): the next byte that is not in a hole, and the next that is. */
  static final int SEEK_DATA = 3;

  static final int SEEK_HOLE = 4;

  private static final int O_CLOEXEC = 02000000;

  /** {@code struct linux_dirent64} (getdents64(2)): the record's length, and the name behind it. */
  private static final int DIRENT_LENGTH = 16;

  private static final int DIRENT_NAME = 19;
  private static final int DIRENTS = 1 << 16;

  private Libc() {}

  /** A function; its handle takes room for {@code errno} before the arguments. */
  public static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /**
   * A function that takes as many arguments as it likes.
   *
   * @param fixed how many come before those
   */
  public static MethodHandle variadic(
      String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(fixed));
  }

  /** Room for what a call leaves in {@code errno}. */
  public static MemorySegment callState(Arena arena) {
    return arena.allocate(CALL_STATE);
  }

  /** What a call has left there. */
  public static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  /** A path's own bytes: its URI has them, escaped, whatever the locale. */
  static byte[] bytes(Path path) {
    return Escapes.unescape(path.toAbsolutePath().toUri().getRawPath().replaceAll("(?<=.)/+$", ""));
  }

  /** What {@code lstat} would say of a path. */
  static FileStatus status(byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment statx = arena.allocate(STATX_SIZE, 8);
      int result =
          (int)
              STATX.invokeExact(
                  state,
                  AT_FDCWD,
                  cString(arena, path),
                  AT_SYMLINK_NOFOLLOW,
                  STATX_BASIC_STATS,
                  statx);
      if (result != 0) {
        throw failed("stat", path, state);
      }
      return FileStatus.read(statx);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** A symlink's target. */
  static byte[] target(byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment buffer = arena.allocate(PATH_MAX);
      long length =
          (long) READLINK.invokeExact(state, cString(arena, path), buffer, (long) PATH_MAX);
      if (length < 0) {
        throw failed("readlink", path, state);
      }
      return bytes(buffer, length);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** The names of a path's xattrs; none where the file system has no xattrs. */
  static List<byte[]> xattrNames(byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment buffer = arena.allocate(XATTR_SIZE_MAX);
      long length =
          (long) LLISTXATTR.invokeExact(state, cString(arena, path), buffer, (long) XATTR_SIZE_MAX);
      if (length < 0) {
        if ((int) ERRNO.get(state, 0L) == Errno.EOPNOTSUPP) {
          return List.of();
        }
        throw failed("llistxattr", path, state);
      }
      return split(bytes(buffer, length));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** The value of an xattr. */
  static byte[] xattr(byte[] path, byte[] name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment buffer = arena.allocate(XATTR_SIZE_MAX);
      long length =
          (long)
              LGETXATTR.invokeExact(
                  state, cString(arena, path), cString(arena, name), buffer, (long) XATTR_SIZE_MAX);
      if (length < 0) {
        throw failed("lgetxattr", path, state);
      }
      return bytes(buffer, length);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** The names in a directory, without {@code .} and {@code ..}, in no order. */
  static List<byte[]> names(byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment stream = (MemorySegment) OPENDIR.invokeExact(state, cString(arena, path));
      if (stream.address() == 0) {
        throw failed("opendir", path, state);
      }
      try {
        int directory = (int) DIRFD.invokeExact(state, stream);
        return names(path, state, directory, arena.allocate(DIRENTS, 8));
      } finally {
        int _ = (int) CLOSEDIR.invokeExact(state, stream);
      }
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private static List<byte[]> names(
      byte[] path, MemorySegment state, int directory, MemorySegment buffer) throws Throwable {
    List<byte[]> names = new ArrayList<>();
    while (true) {
      long filled = (long) GETDENTS64.invokeExact(state, directory, buffer, (long) DIRENTS);
      if (filled < 0) {
        throw failed("getdents64", path, state);
      }
      if (filled == 0) {
        return names;
      }
      for (long at = 0; at < filled; at += length(buffer, at)) {
        byte[] name = name(buffer.asSlice(at + DIRENT_NAME, length(buffer, at) - DIRENT_NAME));
        boolean self = name.length == 1 && name[0] == '.';
        boolean parent = name.length == 2 && name[0] == '.' && name[1] == '.';
        if (!self && !parent) {
          names.add(name);
        }
      }
    }
  }

  /** Opens a file, only to look where its data is; -1 if that cannot be. */
  static int open(byte[] path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      return (int) OPEN.invokeExact(state, cString(arena, path), O_CLOEXEC);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Where {@link #SEEK_DATA} or {@link #SEEK_HOLE} leads from an offset; -1 if nowhere. */
  static long seek(int file, long offset, int whence) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      return (long) LSEEK.invokeExact(state, file, offset, whence);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static void close(int file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) CLOSE.invokeExact(arena.allocate(CALL_STATE), file);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private static int length(MemorySegment buffer, long at) {
    return Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + DIRENT_LENGTH));
  }

  private static byte[] name(MemorySegment padded) {
    int length = 0;
    while (padded.get(ValueLayout.JAVA_BYTE, length) != 0) {
      length++;
    }
    return bytes(padded, length);
  }

  /** Bytes, and a NUL behind them. */
  public static MemorySegment cString(Arena arena, byte[] bytes) {
    MemorySegment string = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, string, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return string;
  }

  private static byte[] bytes(MemorySegment from, long length) {
    return from.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  private static List<byte[]> split(byte[] list) {
    List<byte[]> names = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < list.length; i++) {
      if (list[i] == 0) {
        names.add(java.util.Arrays.copyOfRange(list, from, i));
        from = i + 1;
      }
    }
    return names;
  }

  static IOException failed(String call, byte[] path, MemorySegment state) {
    return new DirectoryReadException(call, path, (int) ERRNO.get(state, 0L));
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

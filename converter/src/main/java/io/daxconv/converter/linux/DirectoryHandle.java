package io.daxconv.converter.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An open directory in which files are made by single names, so that nothing is made outside it: no
 * name has a slash, and no symlink is followed. Names and targets are bytes.
 */
public final class DirectoryHandle implements AutoCloseable {
  // asm-generic/fcntl.h, linux/fcntl.h
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0100;
  private static final int O_EXCL = 0200;
  private static final int O_DIRECTORY = directoryFlag();
  private static final int O_NOFOLLOW = O_DIRECTORY == 0200000 ? 0400000 : 0100000;
  private static final int O_CLOEXEC = 02000000;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;

  private static final MethodHandle OPENAT =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("openat"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
              Linker.Option.captureCallState("errno"),
              Linker.Option.firstVariadicArg(3));
  private static final MethodHandle CLOSE = Libc.call("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle MKDIRAT =
      Libc.call("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SYMLINKAT =
      Libc.call("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle LINKAT =
      Libc.call("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle MKNODAT =
      Libc.call("mknodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
  private static final MethodHandle UNLINKAT =
      Libc.call("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle FCHOWNAT =
      Libc.call("fchownat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle FCHMODAT =
      Libc.call("fchmodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle UTIMENSAT =
      Libc.call("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle LSETXATTR =
      Libc.call("lsetxattr", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);

  private final int descriptor;

  private DirectoryHandle(int descriptor) {
    this.descriptor = descriptor;
  }

  /** These two flags are others on ARM (arch/arm64/include/uapi/asm/fcntl.h). */
  private static int directoryFlag() {
    return System.getProperty("os.arch").equals("aarch64") ? 040000 : 0200000;
  }

  /**
   * Opens a directory that the user has named; a symlink to one will do.
   *
   * @throws IOException if it cannot be opened
   */
  public static DirectoryHandle open(Path directory) throws IOException {
    byte[] path = Libc.bytes(directory);
    return new DirectoryHandle(openAt(-100, path, O_DIRECTORY | O_CLOEXEC, 0));
  }

  /** Opens a directory that is in this one. */
  public DirectoryHandle directory(byte[] name) throws IOException {
    return new DirectoryHandle(openAt(descriptor, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0));
  }

  /** Opens this directory once more. */
  public DirectoryHandle reopened() throws IOException {
    return directory(new byte[] {'.'});
  }

  /** Makes an empty regular file that only this user can open. */
  public FileHandle file(byte[] name) throws IOException {
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    return new FileHandle(name, openAt(descriptor, name, flags, 0600));
  }

  private static int openAt(int directory, byte[] name, int flags, int mode) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.callState(arena);
      int file = (int) OPENAT.invokeExact(state, directory, Libc.cString(arena, name), flags, mode);
      if (file < 0) {
        throw failed("open", name, state);
      }
      return file;
    } catch (Throwable e) {
      throw Libc.rethrown(e);
    }
  }

  /** A system call on one name of this directory. */
  private interface Call {
    int on(MemorySegment state, Arena arena, MemorySegment name) throws Throwable;
  }

  private static void call(String what, byte[] name, Call call) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.callState(arena);
      if (call.on(state, arena, Libc.cString(arena, name)) != 0) {
        throw failed(what, name, state);
      }
    } catch (Throwable e) {
      throw Libc.rethrown(e);
    }
  }

  private static IOException failed(String what, byte[] name, MemorySegment state) {
    return new FileCallException(what, name, Libc.errno(state));
  }

  /** Makes a directory that only this user can open. */
  public void makeDirectory(byte[] name) throws IOException {
    call("mkdir", name, (s, _, n) -> (int) MKDIRAT.invokeExact(s, descriptor, n, 0700));
  }

  /** Makes a symlink. */
  public void symlink(byte[] name, byte[] target) throws IOException {
    call(
        "symlink",
        name,
        (s, arena, n) ->
            (int) SYMLINKAT.invokeExact(s, Libc.cString(arena, target), descriptor, n));
  }

  /** Gives a file that is in some directory a name in this one. */
  public void link(byte[] name, DirectoryHandle from, byte[] first) throws IOException {
    call(
        "link",
        name,
        (s, arena, n) ->
            (int)
                LINKAT.invokeExact(
                    s, from.descriptor, Libc.cString(arena, first), descriptor, n, 0));
  }

  /** Makes a device, FIFO or socket. */
  public void special(byte[] name, int mode, int major, int minor) throws IOException {
    // gnu_dev_makedev in sys/sysmacros.h
    long device =
        (minor & 0xffL)
            | ((major & 0xfffL) << 8)
            | ((minor & 0xffffff00L) << 12)
            | ((major & 0xfffff000L) << 32);
    call("mknod", name, (s, _, n) -> (int) MKNODAT.invokeExact(s, descriptor, n, mode, device));
  }

  /** Removes a file that is no directory. */
  public void unlink(byte[] name) throws IOException {
    call("unlink", name, (s, _, n) -> (int) UNLINKAT.invokeExact(s, descriptor, n, 0));
  }

  /** Sets the owner, also of a symlink. */
  public void owner(byte[] name, int uid, int gid) throws IOException {
    call(
        "chown",
        name,
        (s, _, n) -> (int) FCHOWNAT.invokeExact(s, descriptor, n, uid, gid, AT_SYMLINK_NOFOLLOW));
  }

  /** Sets the permissions of what is no symlink. */
  public void permissions(byte[] name, int permissions) throws IOException {
    call(
        "chmod",
        name,
        (s, _, n) ->
            (int) FCHMODAT.invokeExact(s, descriptor, n, permissions, AT_SYMLINK_NOFOLLOW));
  }

  /** Sets the times of access and modification, also of a symlink. */
  public void times(byte[] name, long seconds, int nanos) throws IOException {
    call(
        "utimensat",
        name,
        (s, arena, n) -> {
          long[] time = {seconds, nanos, seconds, nanos};
          return (int)
              UTIMENSAT.invokeExact(
                  s, descriptor, n, arena.allocateFrom(JAVA_LONG, time), AT_SYMLINK_NOFOLLOW);
        });
  }

  /** Sets an xattr, also of a symlink. */
  public void xattr(byte[] name, byte[] xattr, byte[] value) throws IOException {
    byte[] directory = ("/proc/self/fd/" + descriptor + "/").getBytes(StandardCharsets.US_ASCII);
    byte[] path = Arrays.copyOf(directory, directory.length + name.length);
    System.arraycopy(name, 0, path, directory.length, name.length);
    call(
        "setxattr",
        name,
        (s, arena, _) ->
            (int)
                LSETXATTR.invokeExact(
                    s,
                    Libc.cString(arena, path),
                    Libc.cString(arena, xattr),
                    Libc.cString(arena, value),
                    (long) value.length,
                    0));
  }

  @Override
  public void close() {
    close(descriptor);
  }

  static void close(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) CLOSE.invokeExact(Libc.callState(arena), descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.daxconv.cli.it;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An image mounted by the kernel as EROFS, until it is closed. The file itself is mounted, by
 * mount(2); a loop device serves kernels before 6.12, and images on a tmpfs.
 */
final class ErofsMount implements AutoCloseable {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final MethodHandle MOUNT =
      call("mount", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle UMOUNT = call("umount2", ADDRESS, JAVA_INT);
  private static final long MS_RDONLY = 1;
  private static final int MNT_DETACH = 2;
  private static final int ENOTBLK = 15;

  private final Path directory;
  private final boolean loop;

  private ErofsMount(Path directory, boolean loop) {
    this.directory = directory;
    this.loop = loop;
  }

  private static MethodHandle call(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** Mounts an image on a directory, which is made. */
  static ErofsMount of(Path image, Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    int errno = mount(image, directory);
    if (errno == ENOTBLK) {
      Tool.run(
          directory,
          "mount",
          "-t",
          "erofs",
          "-o",
          "ro,loop",
          image.toString(),
          directory.toString());
    } else if (errno != 0) {
      throw new IOException("mount of " + image + " as EROFS: errno " + errno);
    }
    return new ErofsMount(directory, errno == ENOTBLK);
  }

  /** Where it is mounted. */
  Path directory() {
    return directory;
  }

  /** Whether the kernel wanted a loop device under it. */
  boolean isLoop() {
    return loop;
  }

  private static int mount(Path image, Path directory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      int result =
          (int)
              MOUNT.invokeExact(
                  state,
                  arena.allocateFrom(image.toString()),
                  arena.allocateFrom(directory.toString()),
                  arena.allocateFrom("erofs"),
                  MS_RDONLY,
                  MemorySegment.NULL);
      return result == 0 ? 0 : errno(state);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static int errno(MemorySegment state) {
    return state.get(ValueLayout.JAVA_INT, 0);
  }

  /** Unmounts, even while something is open. */
  @Override
  public void close() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      int result =
          (int) UMOUNT.invokeExact(state, arena.allocateFrom(directory.toString()), MNT_DETACH);
      if (result != 0) {
        throw new IOException("umount of " + directory + ": errno " + errno(state));
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}

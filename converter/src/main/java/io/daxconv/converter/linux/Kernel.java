package io.daxconv.converter.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * The system calls by which memory is filled and mounted; {@link LinuxKernel} makes them. A call
 * that fails throws a {@link SystemCallException} with the kernel's error number.
 */
public interface Kernel {
  /** Access modes and flags of {@code open(2)} (asm-generic/fcntl.h). */
  int O_RDONLY = 0;

  int O_RDWR = 2;
  int O_EXCL = 0200;
  int O_CLOEXEC = 02000000;

  /** Bytes of a page of memory. */
  int pageSize();

  /** Opens a file or device; the descriptor. */
  int open(Path path, int flags) throws IOException;

  void close(int fd) throws IOException;

  /**
   * Controls a device ({@code ioctl(2)}).
   *
   * @param argument what the request reads and writes; {@link MemorySegment#NULL} for none
   * @return what the call returned, not negative
   */
  int ioctl(int fd, long request, MemorySegment argument) throws IOException;

  /**
   * Maps memory to be read and written, shared ({@code mmap(2)}).
   *
   * @param arena unmaps it when it is closed
   */
  MemorySegment map(int fd, long offset, long length, Arena arena) throws IOException;

  /**
   * Makes a mount and attaches it to a directory: {@code fsopen}, {@code fsconfig}, {@code fsmount}
   * and {@code move_mount}. A failure tells what the kernel's log of the attempt says too.
   */
  void mount(NewMount mount, Path directory) throws IOException;

  /**
   * Mounts an image file as EROFS: the file itself where the kernel can do that, through a loop
   * device where it wants one.
   */
  void mountFile(Path file, Path directory) throws IOException;

  /** Detaches what is mounted last on a directory; fails while it is in use. */
  void unmount(Path directory) throws IOException;
}

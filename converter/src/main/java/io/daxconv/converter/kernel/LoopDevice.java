package io.daxconv.converter.kernel;

import static io.daxconv.converter.format.Fields.bytes;
import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.offsetOf;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.zeros;

import io.daxconv.converter.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * A block device that shows a file (loop(4), linux/loop.h). It frees itself when it is closed and
 * not mounted any more, whoever unmounts it.
 *
 * @param path such as {@code /dev/loop0}
 * @param fd keeps it until it is mounted
 */
record LoopDevice(Path path, OpenFd fd) implements AutoCloseable {
  private static final Path CONTROL = Path.of("/dev/loop-control");
  private static final long LOOP_CTL_GET_FREE = 0x4c82;
  private static final long LOOP_CONFIGURE = 0x4c0a;

  private static final int READ_ONLY = 1;
  private static final int AUTOCLEAR = 4;
  private static final int DIRECT_IO = 16;

  private static final int NAME_SIZE = 64;

  /** Others take free ones at the same time. */
  private static final int MOST_TRIES = 64;

  /** {@code struct loop_config}; {@code struct loop_info64} begins at byte 8. */
  static final StructLayout LAYOUT =
      struct(
          "loop_config",
          304,
          u32("fd"),
          u32("block_size"),
          zeros(48),
          u32("lo_encrypt_key_size"),
          u32("lo_flags"),
          bytes("lo_file_name", NAME_SIZE),
          zeros(64 + 32 + 16),
          zeros(64));

  private static final VarHandle FD = handle(LAYOUT, "fd");
  private static final VarHandle FLAGS = handle(LAYOUT, "lo_flags");
  private static final long FILE_NAME = offsetOf(LAYOUT, "lo_file_name");

  /** Sets one up, read-only, with direct I/O where the file can do that. */
  static LoopDevice of(Path file) throws KernelException {
    try (OpenFd control = SystemCalls.open(CONTROL, SystemCalls.O_RDWR);
        OpenFd backing = SystemCalls.open(file, SystemCalls.O_RDONLY)) {
      for (int tries = 1; ; tries++) {
        int number = SystemCalls.ioctl("a free loop device", control, LOOP_CTL_GET_FREE, 0);
        Path path = Path.of("/dev/loop" + number);
        OpenFd device = SystemCalls.open(path, SystemCalls.O_RDONLY);
        try {
          configure(device, backing, path, file);
          return new LoopDevice(path, device);
        } catch (KernelException e) {
          device.close();
          if (e.errno() != Errno.EBUSY || tries == MOST_TRIES) {
            throw e;
          }
        }
      }
    }
  }

  private static void configure(OpenFd device, OpenFd backing, Path path, Path file)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment config = arena.allocate(LAYOUT.byteSize(), 8);
      FD.set(config, 0L, backing.number());
      FLAGS.set(config, 0L, READ_ONLY | AUTOCLEAR | DIRECT_IO);
      // For people: losetup shows it where it cannot ask the kernel.
      byte[] name = SystemCalls.bytes(file);
      MemorySegment.copy(
          name, 0, config, ValueLayout.JAVA_BYTE, FILE_NAME, Math.min(name.length, NAME_SIZE - 1));
      SystemCalls.ioctl(
          path + " for " + SystemCalls.shown(file), device, LOOP_CONFIGURE, config.address());
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}

package io.daxconv.converter.kernel;

import io.daxconv.converter.linux.Kernel;
import io.daxconv.converter.linux.NewMount;
import io.daxconv.converter.linux.SystemCallException;
import io.daxconv.converter.mount.BaseTarget;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** The calls of the kernel that this runs on. */
public final class LinuxKernel implements Kernel {
  public static final LinuxKernel THIS = new LinuxKernel();

  private LinuxKernel() {}

  /** A call of {@link SystemCalls}. */
  @FunctionalInterface
  private interface Call<T> {
    T make() throws KernelException;
  }

  private static <T> T made(String name, Call<T> call) throws SystemCallException {
    try {
      return call.make();
    } catch (KernelException e) {
      throw new SystemCallException(name, e.errno(), "");
    }
  }

  @Override
  public int pageSize() {
    return SystemCalls.pageSize();
  }

  @Override
  public int open(Path path, int flags) throws IOException {
    return made("open", () -> SystemCalls.open(path, flags).number());
  }

  @Override
  public void close(int fd) {
    SystemCalls.close(fd);
  }

  @Override
  public int ioctl(int fd, long request, MemorySegment argument) throws IOException {
    return made(
        "ioctl", () -> SystemCalls.ioctl("ioctl", new OpenFd(fd), request, argument.address()));
  }

  @Override
  public MemorySegment map(int fd, long offset, long length, Arena arena) throws IOException {
    return made("mmap", () -> SystemCalls.map(new OpenFd(fd), offset, length, arena));
  }

  @Override
  public void mount(NewMount mount, Path directory) throws IOException {
    try (FilesystemContext context = FilesystemContext.open(mount.type())) {
      context.string("source", mount.source()).flag("ro");
      for (NewMount.Setting setting : mount.settings()) {
        if (setting.fd() >= 0) {
          context.descriptor(setting.key(), new OpenFd(setting.fd()), "a descriptor");
        } else {
          context.option(setting.option());
        }
      }
      context.create("mount of " + mount.type());
      try (DetachedMount made = context.mount(MountAttributes.READ_ONLY)) {
        made.attach(directory);
      }
    }
  }

  @Override
  public void mountFile(Path file, Path directory) throws IOException {
    try (BaseMount mount = BaseMount.of(new BaseTarget.ImageFile(), file, "", false)) {
      mount.mount().attach(directory);
    }
  }

  @Override
  public void unmount(Path directory) throws IOException {
    try {
      Mounts.unmount(directory);
    } catch (KernelException e) {
      throw new SystemCallException("umount", e.errno(), "");
    }
  }
}

package io.daxconv.converter.kernel;

import io.daxconv.converter.linux.Errno;
import io.daxconv.converter.mount.BaseTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An image's base, mounted read-only and not attached yet. */
public final class BaseMount implements AutoCloseable {
  private static final String EROFS = "erofs";
  private static final String DAXFS = "daxfs";

  private final DetachedMount mount;
  private final String type;
  private final String source;

  /** Held until the mount is closed, which holds it too. */
  private final @Nullable LoopDevice loop;

  private BaseMount(DetachedMount mount, String type, String source, @Nullable LoopDevice loop) {
    this.mount = mount;
    this.type = type;
    this.source = source;
    this.loop = loop;
  }

  /** Where EROFS reads from, and the option that goes with it. */
  private record Source(String name, @Nullable String option) {}

  /**
   * Mounts an image that {@link BaseCheck} has found sound.
   *
   * @param name what DAXFS calls it
   * @param guarded whether set-user-ID bits and devices have no effect in it
   */
  public static BaseMount of(BaseTarget target, Path image, String name, boolean guarded)
      throws IOException {
    int attributes =
        MountAttributes.READ_ONLY
            | (guarded ? MountAttributes.NO_SUID | MountAttributes.NO_DEVICES : 0);
    return switch (target) {
      case BaseTarget.ImageFile _ -> file(image, attributes);
      case BaseTarget.Pmem pmem ->
          new BaseMount(
              erofs(new Source(pmem.device(), "dax=always"), attributes),
              EROFS,
              pmem.device(),
              null);
      case BaseTarget.Physical physical ->
          daxfs(name, physical.address(), physical.size(), attributes);
      case BaseTarget.DeviceDax device -> deviceDax(device, image, name, attributes);
      case BaseTarget.DmaBuf heap -> dmaBuf(heap, image, name, attributes);
    };
  }

  /**
   * The file itself, on Linux 6.12 and later, without a second copy of what is read in the page
   * cache where the kernel can do that; through a loop device where it wants a block device: before
   * 6.12, and for files on a tmpfs or an overlay.
   */
  private static BaseMount file(Path image, int attributes) throws IOException {
    for (String option : new @Nullable String[] {"directio", null}) {
      try {
        return new BaseMount(
            erofs(new Source(image.toString(), option), attributes), EROFS, image.toString(), null);
      } catch (KernelException e) {
        if (e.errno() == Errno.ENOTBLK) {
          return loop(image, attributes);
        }
        if (e.errno() != Errno.EINVAL || option == null) {
          throw e;
        }
      }
    }
    throw new IllegalStateException("unreachable");
  }

  static BaseMount loop(Path image, int attributes) throws KernelException {
    LoopDevice device = LoopDevice.of(image);
    try {
      String source = device.path().toString();
      return new BaseMount(erofs(new Source(source, null), attributes), EROFS, source, device);
    } catch (KernelException e) {
      device.close();
      throw e;
    }
  }

  private static DetachedMount erofs(Source source, int attributes) throws KernelException {
    try (FilesystemContext context = FilesystemContext.open(EROFS)) {
      context.string("source", source.name).flag("ro");
      if (source.option != null) {
        context.option(source.option);
      }
      return context
          .create("mount of " + SystemCalls.shown(Path.of(source.name)) + " as erofs")
          .mount(attributes);
    }
  }

  private static BaseMount daxfs(String name, long address, long size, int attributes)
      throws KernelException {
    try (FilesystemContext context = FilesystemContext.open(DAXFS)) {
      String phys = "0x" + Long.toHexString(address);
      context
          .flag("ro")
          .string("phys", phys)
          .string("size", Long.toString(size))
          .flag("validate")
          .string("name", name)
          .create("mount of physical memory at " + phys + " as daxfs");
      return new BaseMount(context.mount(attributes), DAXFS, "none", null);
    }
  }

  private static BaseMount deviceDax(
      BaseTarget.DeviceDax device, Path image, String name, int attributes) throws IOException {
    // Before gigabytes are copied.
    FilesystemContext.open(DAXFS).close();
    Path about = Path.of("/sys/bus/dax/devices").resolve(device.name());
    if (Files.notExists(about)) {
      throw KernelException.missing(
          "base target " + device + ": expected " + about + ", found nothing");
    }
    DeviceMemory.fillDeviceDax(Path.of("/dev").resolve(device.name()), about, image);
    return daxfs(
        name,
        DeviceMemory.number(about.resolve("resource")),
        DeviceMemory.number(about.resolve("size")),
        attributes);
  }

  private static BaseMount dmaBuf(BaseTarget.DmaBuf target, Path image, String name, int attributes)
      throws IOException {
    try (FilesystemContext context = FilesystemContext.open(DAXFS);
        OpenFd buffer =
            DeviceMemory.dmaBuf(Path.of("/dev/dma_heap").resolve(target.heap()), image)) {
      context
          .flag("validate")
          .flag("ro")
          .string("name", name)
          .descriptor("dmabuf", buffer, "a dma-buf")
          .create("mount of a dma-buf as daxfs");
      return new BaseMount(context.mount(attributes), DAXFS, "none", null);
    }
  }

  /** What is to be attached. */
  public DetachedMount mount() {
    return mount;
  }

  /** {@code erofs} or {@code daxfs}. */
  public String type() {
    return type;
  }

  /** The file, the device, or {@code none}. */
  public String source() {
    return source;
  }

  @Override
  public void close() {
    mount.close();
    if (loop != null) {
      loop.close();
    }
  }
}

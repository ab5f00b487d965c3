package io.daxconv.converter.kernel;

import io.daxconv.converter.linux.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An overlay, not attached yet. Layers are told as descriptors (Linux 6.13), as one option each
 * (6.7), or as one option of all (before), in whichever way the kernel takes first; how each way
 * reads backslashes is fs/overlayfs/params.c's.
 */
public final class OverlayMount {
  /** How layers are told. */
  enum Telling {
    /** By descriptors: no path is read. */
    DESCRIPTORS,
    /** {@code lowerdir+}, which is read as it is, beside upperdir, where backslashes escape. */
    ONE_BY_ONE,
    /** {@code lowerdir}, where backslashes escape and colons part. */
    TOGETHER
  }

  private static final String TYPE = "overlay";

  /** Where kernels with SELinux show it (selinux(8)). */
  private static final Path SELINUX = Path.of("/sys/fs/selinux");

  private OverlayMount() {}

  /**
   * Mounts one.
   *
   * @param source what lists of mounts show
   * @param options beside the directories, each {@code key=value} or a key
   */
  public static DetachedMount of(
      String source, Path lower, Path upper, Path work, List<String> options)
      throws KernelException {
    KernelException first = null;
    for (Telling telling : Telling.values()) {
      try (FilesystemContext context = FilesystemContext.open(TYPE)) {
        try {
          tell(context, telling, lower, upper, work);
        } catch (KernelException e) {
          // The option is unknown, or takes no descriptor.
          if (e.errno() != Errno.EINVAL) {
            throw e;
          }
          first = first == null ? e : first;
          continue;
        }
        return mount(context, source, options);
      }
    }
    throw java.util.Objects.requireNonNull(first);
  }

  /** The same in one way of telling layers. */
  static DetachedMount of(
      Telling telling, String source, Path lower, Path upper, Path work, List<String> options)
      throws KernelException {
    try (FilesystemContext context = FilesystemContext.open(TYPE)) {
      tell(context, telling, lower, upper, work);
      return mount(context, source, options);
    }
  }

  private static DetachedMount mount(FilesystemContext context, String source, List<String> options)
      throws KernelException {
    context.string("source", source);
    for (String option : options) {
      try {
        context.option(option);
      } catch (KernelException e) {
        throw option.startsWith("context=") && Files.notExists(SELINUX)
            ? e.with("a context takes a kernel with SELinux, which has " + SELINUX)
            : e;
      }
    }
    return context.create("overlay " + source).mount(0);
  }

  private static void tell(
      FilesystemContext context, Telling telling, Path lower, Path upper, Path work)
      throws KernelException {
    switch (telling) {
      case DESCRIPTORS -> {
        descriptor(context, "lowerdir+", lower);
        descriptor(context, "upperdir", upper);
        descriptor(context, "workdir", work);
      }
      case ONE_BY_ONE -> {
        context.path("lowerdir+", lower);
        context.string("upperdir", escaped(upper));
        context.string("workdir", escaped(work));
      }
      case TOGETHER -> {
        context.string("lowerdir", escaped(lower).replace(":", "\\:"));
        context.string("upperdir", escaped(upper));
        context.string("workdir", escaped(work));
      }
    }
  }

  private static void descriptor(FilesystemContext context, String key, Path directory)
      throws KernelException {
    try (OpenFd fd = SystemCalls.open(directory, SystemCalls.O_PATH)) {
      context.descriptor(key, fd, SystemCalls.shown(directory));
    }
  }

  private static String escaped(Path path) {
    return path.toString().replace("\\", "\\\\");
  }
}

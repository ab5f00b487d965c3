package io.daxconv.converter.kernel;

import io.daxconv.converter.linux.Errno;
import io.daxconv.converter.linux.Libc;
import io.daxconv.converter.text.Escapes;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A filesystem that is being set up (fsopen(2), fsconfig(2), fsmount(2); linux/mount.h). The kernel
 * leaves its reasons in the context, which become part of the errors.
 */
final class FilesystemContext implements AutoCloseable {
  private static final int FSOPEN_CLOEXEC = 1;
  private static final int FSMOUNT_CLOEXEC = 1;
  private static final int SET_FLAG = 0;
  private static final int SET_STRING = 1;
  private static final int SET_FD = 5;
  private static final int CREATE = 6;

  /** Longer than any message of a context (fs/fs_context.c makes them one by one). */
  private static final int LONGEST_MESSAGE = 4096;

  private final String type;
  private final OpenFd fd;

  private FilesystemContext(String type, OpenFd fd) {
    this.type = type;
    this.fd = fd;
  }

  /**
   * Begins with a filesystem type.
   *
   * @throws KernelException also if the kernel has none of that name
   */
  static FilesystemContext open(String type) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      return new FilesystemContext(
          type,
          new OpenFd(
              SystemCalls.call(
                  "fsopen of " + type,
                  SystemCalls.FSOPEN,
                  arena.allocateFrom(type).address(),
                  FSOPEN_CLOEXEC)));
    } catch (KernelException e) {
      throw switch (e.errno()) {
        case Errno.ENODEV ->
            e.with(
                "this kernel has no filesystem "
                    + type
                    + ", see /proc/filesystems; if it is a module, load it: modprobe "
                    + type);
        case Errno.ENOSYS -> e.with("Linux 5.2 and later have it");
        default -> e;
      };
    }
  }

  FilesystemContext flag(String key) throws KernelException {
    set(SET_FLAG, key, 0, 0, key);
    return this;
  }

  FilesystemContext string(String key, String value) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      set(
          SET_STRING,
          key,
          Libc.cString(arena, bytes).address(),
          0,
          key + "=" + Escapes.quote(value));
    }
    return this;
  }

  FilesystemContext path(String key, Path path) throws KernelException {
    return string(key, path.toString());
  }

  FilesystemContext descriptor(String key, OpenFd value, String shown) throws KernelException {
    set(SET_FD, key, 0, value.number(), key + "=" + shown);
    return this;
  }

  /** An option as overlayfs's are listed: {@code key=value}, or a key alone. */
  FilesystemContext option(String option) throws KernelException {
    int equals = option.indexOf('=');
    return equals < 0
        ? flag(option)
        : string(option.substring(0, equals), option.substring(equals + 1));
  }

  private void set(int command, String key, long value, long aux, String shown)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      config(type + " option " + shown, command, arena.allocateFrom(key).address(), value, aux);
    }
  }

  /** Makes the filesystem's instance; a context whose creation failed is of no more use. */
  FilesystemContext create(String what) throws KernelException {
    config(what, CREATE, 0, 0, 0);
    return this;
  }

  private void config(String what, int command, long key, long value, long aux)
      throws KernelException {
    try {
      SystemCalls.call(what, SystemCalls.FSCONFIG, fd.number(), command, key, value, aux);
    } catch (KernelException e) {
      throw e.with(messages());
    }
  }

  /**
   * A mount of it that is nowhere yet.
   *
   * @param attributes of {@link MountAttributes}
   */
  DetachedMount mount(int attributes) throws KernelException {
    try {
      return new DetachedMount(
          new OpenFd(
              SystemCalls.call(
                  "fsmount of " + type,
                  SystemCalls.FSMOUNT,
                  fd.number(),
                  FSMOUNT_CLOEXEC,
                  attributes)));
    } catch (KernelException e) {
      throw e.with(messages());
    }
  }

  /** What the kernel says of errors: a message each, after {@code e } (error), w or i. */
  private String messages() {
    List<String> messages = new ArrayList<>();
    for (byte[] message = SystemCalls.read(fd.number(), LONGEST_MESSAGE);
        message != null && messages.size() < 16;
        message = SystemCalls.read(fd.number(), LONGEST_MESSAGE)) {
      messages.add(new String(message, StandardCharsets.UTF_8).strip().replaceFirst("^[ewi] ", ""));
    }
    return messages.isEmpty()
        ? ""
        : "the kernel says: "
            + String.join("; ", messages.stream().map(FilesystemContext::plain).toList());
  }

  private static String plain(String message) {
    String quoted = Escapes.quote(message);
    return quoted.substring(1, quoted.length() - 1);
  }

  @Override
  public void close() {
    fd.close();
  }
}

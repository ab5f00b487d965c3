package io.daxconv.converter.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where mounts are: they end with the boot, and are seen in one mount namespace.
 *
 * @param boot the id that the kernel makes at each boot (random(4))
 * @param mountNamespace such as {@code mnt:[4026531841]} (namespaces(7))
 */
public record Host(String boot, String mountNamespace) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path PROC = Path.of("/proc");
  private static final Path STATUS = PROC.resolve("self/status");
  private static final Path USER_IDS = PROC.resolve("self/uid_map");

  /** {@code CAP_SYS_ADMIN} in linux/capability.h. */
  private static final int SYS_ADMIN = 21;

  /** This one, now. */
  public static Host current() throws IOException {
    return new Host(
        Files.readString(BOOT_ID).strip(),
        Files.readSymbolicLink(PROC.resolve("self/ns/mnt")).toString());
  }

  /**
   * Whether a mount namespace of this boot is still there: of a process, or kept by a mount.
   *
   * @param table of the namespace that asks
   */
  public static boolean isThere(String mountNamespace, MountTable table) throws IOException {
    if (table.entries().stream()
        .anyMatch(entry -> entry.type().equals("nsfs") && entry.root().equals(mountNamespace))) {
      return true;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (isIn(process, mountNamespace)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isIn(Path process, String mountNamespace) {
    try {
      return Files.readSymbolicLink(process.resolve("ns/mnt")).toString().equals(mountNamespace);
    } catch (IOException ended) {
      return false;
    }
  }

  /**
   * Refuses whom the kernel does not let mount. Overlayfs can be mounted in a user namespace, EROFS
   * and DAXFS cannot ({@code FS_USERNS_MOUNT}), and without a base there is nothing to lay over.
   *
   * @throws KernelException with one line that says what is missing
   */
  public static void requireMounting() throws IOException {
    boolean may =
        Files.readAllLines(STATUS).stream()
            .filter(line -> line.startsWith("CapEff:"))
            .anyMatch(
                line -> {
                  String mask = line.substring("CapEff:".length()).strip();
                  return (Long.parseUnsignedLong(mask, 16) >>> SYS_ADMIN & 1) != 0;
                });
    if (!may) {
      throw KernelException.missing(
          "mounting: expected root (CAP_SYS_ADMIN), found user "
              + Files.getAttribute(PROC.resolve("self"), "unix:uid")
              + " without; a user namespace does not help, for the kernel mounts EROFS and DAXFS"
              + " outside of them only");
    }
    String ids = Files.readString(USER_IDS).strip().replaceAll("\\s+", " ");
    if (!ids.equals("0 0 4294967295")) {
      throw KernelException.missing(
          "mounting: expected root outside of user namespaces, found one inside (ids "
              + ids
              + "), where the kernel mounts neither EROFS nor DAXFS");
    }
  }
}

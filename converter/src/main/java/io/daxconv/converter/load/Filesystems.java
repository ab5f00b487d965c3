package io.daxconv.converter.load;

import io.daxconv.converter.mount.KernelFilesystems;
import java.io.IOException;
import java.nio.file.Path;

/** Which filesystems the kernel has, or has modules for. */
final class Filesystems {
  private Filesystems() {}

  /** What is missing to mount a type; empty if nothing is. */
  static String missing(Host host, String type) throws IOException {
    if (KernelFilesystems.parse(Host.text(host.proc().resolve("filesystems")))
        .names()
        .contains(type)) {
      return "";
    }
    String release = Host.text(host.proc().resolve("sys/kernel/osrelease"));
    Path modules = host.modules().resolve(release);
    if (Host.text(modules.resolve("modules.dep")).contains("/" + type + ".ko")) {
      // The kernel loads it when it is asked for the type.
      return "";
    }
    return "the filesystem "
        + type
        + " (/proc/filesystems and the modules of Linux "
        + release
        + " have it not)";
  }
}

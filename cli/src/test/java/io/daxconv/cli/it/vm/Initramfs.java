package io.daxconv.cli.it.vm;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;

/** What a guest boots into: busybox, modules that are loaded at once, and a script. */
final class Initramfs {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private Initramfs() {}

  /**
   * Writes one.
   *
   * @param modules in the order in which they are loaded
   * @param script what runs as root when they are, with proc, sysfs and devtmpfs mounted, busybox
   *     on the path, and the guest switched off behind it
   */
  static void write(Path file, Map<String, byte[]> modules, String script) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file));
        CpioArchiveOutputStream archive = new CpioArchiveOutputStream(out)) {
      for (String directory : List.of("bin", "dev", "proc", "sys", "modules", "mnt")) {
        CpioArchiveEntry entry = new CpioArchiveEntry(directory);
        entry.setMode(CpioArchiveEntry.C_ISDIR | 0755);
        archive.putArchiveEntry(entry);
        archive.closeArchiveEntry();
      }
      add(archive, "bin/busybox", Files.readAllBytes(BUSYBOX));
      for (Map.Entry<String, byte[]> module : modules.entrySet()) {
        add(archive, "modules/" + module.getKey() + ".ko", module.getValue());
      }
      add(archive, "init", init(modules, script).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void add(CpioArchiveOutputStream archive, String name, byte[] bytes)
      throws IOException {
    CpioArchiveEntry entry = new CpioArchiveEntry(name);
    entry.setMode(CpioArchiveEntry.C_ISREG | 0755);
    entry.setSize(bytes.length);
    archive.putArchiveEntry(entry);
    archive.write(bytes);
    archive.closeArchiveEntry();
  }

  private static String init(Map<String, byte[]> modules, String script) {
    return """
        #!/bin/busybox sh
        /bin/busybox --install -s /bin
        export PATH=/bin
        mount -t proc proc /proc
        mount -t sysfs sysfs /sys
        mount -t devtmpfs devtmpfs /dev
        for module in %s; do
          insmod /modules/$module.ko || echo "cannot load $module"
        done
        %s
        sync
        poweroff -f
        """
        .formatted(String.join(" ", modules.keySet()), script);
  }
}

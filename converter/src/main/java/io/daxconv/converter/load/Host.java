package io.daxconv.converter.load;

import io.daxconv.converter.kernel.LinuxKernel;
import io.daxconv.converter.linux.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The machine that targets belong to.
 *
 * @param kernel its system calls
 * @param sys where sysfs is mounted
 * @param proc where proc is mounted
 * @param modules where kernels keep their modules
 * @param state where daxconv notes what it has loaded
 */
record Host(Kernel kernel, Path sys, Path proc, Path modules, Path state) {
  static final Path STATE = Path.of("/run/daxconv/load");

  /** This one. */
  static Host here(Path state) {
    return new Host(
        LinuxKernel.THIS, Path.of("/sys"), Path.of("/proc"), Path.of("/lib/modules"), state);
  }

  /** The text of a file of sysfs or proc without what is blank at its end; empty if not there. */
  static String text(Path file) throws IOException {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1).stripTrailing();
    } catch (NoSuchFileException absent) {
      return "";
    }
  }

  /**
   * A number in a file of sysfs, decimal or hexadecimal.
   *
   * @return -1 if the file is not there or holds none
   */
  static long number(Path file) throws IOException {
    String text = text(file);
    try {
      return text.isEmpty() ? -1 : Long.decode(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}

package io.daxconv.converter.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.kernel.LinuxKernel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A loop device that is called pmem, on a machine whose sysfs says it is one: a block device of
 * this kernel, written by its system calls, for what pmem is taken for.
 */
final class LoopPmem {
  static final int BYTES = 24 << 20;
  static final byte BEFORE = (byte) 0xa5;

  private static final int SECTOR = 512;
  private static final long ADDRESS = 0x1_0000_0000L;
  private static final String NAME = "pmem7";

  private final Path directory;
  private final String loop;

  private LoopPmem(Path directory, String loop) {
    this.directory = directory;
    this.loop = loop;
  }

  /** Makes it in an empty directory. */
  static LoopPmem make(Path directory) throws IOException, InterruptedException {
    Path memory = directory.resolve("memory");
    byte[] before = new byte[BYTES];
    Arrays.fill(before, BEFORE);
    Files.write(memory, before);
    LoopPmem made = new LoopPmem(directory, run("losetup", "-f", "--show", memory.toString()));
    String number =
        Files.readString(Path.of("/sys/block", Path.of(made.loop).getFileName().toString(), "dev"))
            .strip();
    String[] numbers = number.split(":", 2);
    run("mknod", made.device().toString(), "b", numbers[0], numbers[1]);
    Path about = Files.createDirectories(directory.resolve("sys/class/block").resolve(NAME));
    Files.writeString(about.resolve("dev"), number + "\n");
    Files.writeString(about.resolve("ro"), "0\n");
    Files.createDirectory(about.resolve("queue"));
    Files.writeString(about.resolve("queue/dax"), "1\n");
    Path bus = directory.resolve("sys/devices/ndbus0");
    Files.createDirectories(bus.resolve("region0/namespace0.0"));
    Files.createSymbolicLink(about.resolve("device"), bus.resolve("region0/namespace0.0"));
    Files.writeString(bus.resolve("region0/namespace0.0/mode"), "raw\n");
    Files.writeString(bus.resolve("region0/namespace0.0/resource"), "0x%x%n".formatted(ADDRESS));
    Files.writeString(bus.resolve("region0/resource"), "0x%x%n".formatted(ADDRESS));
    made.is("e820", BYTES, BYTES);
    return made;
  }

  /**
   * Says what it is.
   *
   * @param provider the bus's driver
   * @param region the bytes of its range
   * @param size the bytes of the device, from the beginning of the range
   */
  void is(String provider, long region, long size) throws IOException {
    Path bus = directory.resolve("sys/devices/ndbus0");
    Files.writeString(bus.resolve("provider"), provider + "\n");
    Files.writeString(bus.resolve("region0/size"), region + "\n");
    Files.writeString(
        directory.resolve("sys/class/block").resolve(NAME).resolve("size"), size / SECTOR + "\n");
  }

  Path device() {
    return directory.resolve(NAME);
  }

  Path state() {
    return directory.resolve("state");
  }

  static LoadTarget target(Path directory) {
    return LoadTarget.parse("pmem:" + directory.resolve(NAME));
  }

  /** The machine that has it, but for this one's mounts and boot. */
  static Host host(Path directory) {
    return new Host(
        LinuxKernel.THIS,
        directory.resolve("sys"),
        Path.of("/proc"),
        Path.of("/lib/modules"),
        directory.resolve("state"));
  }

  static Loader loader(Path directory) {
    return new Loader(
        host(directory), target(directory), new LoadOptions(null, directory.resolve("state")));
  }

  Unloader unloader() {
    return new Unloader(host(directory), target(directory), null);
  }

  /** What it holds. */
  byte[] bytes(long at, int count) throws IOException {
    byte[] bytes = new byte[count];
    try (RandomAccessFile file = new RandomAccessFile(device().toFile(), "r")) {
      file.seek(at);
      file.readFully(bytes);
    }
    return bytes;
  }

  /** Whether nothing was written to a part of it. */
  boolean isUntouched(long at, long end) throws IOException {
    byte[] before = new byte[(int) (end - at)];
    Arrays.fill(before, BEFORE);
    return Arrays.equals(bytes(at, before.length), before);
  }

  void write(byte[] bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(device().toFile(), "rw")) {
      file.write(bytes);
    }
  }

  private static String run(String... argv) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", Arrays.toString(argv), printed).isZero();
    return printed.strip();
  }

  void detach() throws IOException, InterruptedException {
    run("losetup", "-d", loop);
  }
}

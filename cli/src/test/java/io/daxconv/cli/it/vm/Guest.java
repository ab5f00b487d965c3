package io.daxconv.cli.it.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A virtual machine: QEMU in software, two processors, no network.
 *
 * @param kernel what it boots
 * @param initramfs what that boots into
 * @param disks {@code /dev/vda} and so on; what the guest writes there is forgotten
 * @param memoryMiB its memory
 * @param nvdimmMiB of an NVDIMM behind the memory, at 4 GiB; 0 for none
 * @param commandLine what the kernel is told besides
 */
public record Guest(
    Path kernel,
    Path initramfs,
    List<Path> disks,
    int memoryMiB,
    int nvdimmMiB,
    String commandLine) {
  /** On a busy host, timers come late: the kernel must not take that for broken hardware. */
  private static final String PATIENT =
      "no_timer_check nowatchdog rcupdate.rcu_cpu_stall_suppress=1 ";

  private static final long MOST_MINUTES = 12;

  public Guest {
    disks = List.copyOf(disks);
  }

  /**
   * What a guest left behind.
   *
   * @param console what its kernel and its init printed
   * @param results what was printed to its second serial line
   * @param memory its memory, physical address by physical address up to 3 GiB
   * @param nvdimm its NVDIMM
   */
  public record Remains(String console, String results, Path memory, Path nvdimm) {}

  /**
   * Runs it until it switches itself off.
   *
   * @param directory on a disk, for its memory
   */
  public Remains run(Path directory) throws IOException, InterruptedException {
    Path memory = directory.resolve("memory");
    Path nvdimm = directory.resolve("nvdimm");
    Path results = directory.resolve("results.txt");
    Path console = directory.resolve("console.txt");
    List<String> argv =
        new ArrayList<>(List.of("qemu-system-x86_64", "-accel", "tcg,thread=multi"));
    argv.addAll(List.of("-machine", "pc,nvdimm=on,memory-backend=memory", "-cpu", "max"));
    argv.addAll(List.of("-smp", "2", "-m", memoryMiB + "M,slots=2,maxmem=8G"));
    argv.addAll(List.of("-object", backend("memory", memory, memoryMiB)));
    if (nvdimmMiB > 0) {
      argv.addAll(List.of("-object", backend("nvdimm", nvdimm, nvdimmMiB)));
      argv.addAll(List.of("-device", "nvdimm,id=nvdimm0,memdev=nvdimm"));
    }
    argv.addAll(List.of("-kernel", kernel.toString(), "-initrd", initramfs.toString()));
    argv.addAll(List.of("-append", "console=ttyS0 quiet panic=-1 " + PATIENT + commandLine));
    for (Path disk : disks) {
      argv.addAll(List.of("-drive", "file=" + disk + ",if=virtio,format=raw,snapshot=on"));
    }
    argv.addAll(List.of("-display", "none", "-nodefaults", "-no-reboot", "-monitor", "none"));
    argv.addAll(List.of("-serial", "file:" + console, "-serial", "file:" + results));
    Path log = directory.resolve("qemu.txt");
    Process qemu =
        new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      qemu.getOutputStream().close();
      boolean ended = qemu.waitFor(MOST_MINUTES, TimeUnit.MINUTES);
      if (!ended || qemu.exitValue() != 0) {
        throw new IOException(
            (ended ? "qemu failed: " : "the guest did not end: ") + text(log) + text(console));
      }
    } finally {
      qemu.destroyForcibly();
    }
    return new Remains(text(console), text(results), memory, nvdimm);
  }

  private static String backend(String id, Path file, int mebibytes) {
    return "memory-backend-file,id="
        + id
        + ",share=on,mem-path="
        + file
        + ",size="
        + mebibytes
        + "M";
  }

  private static String text(Path file) throws IOException {
    return Files.exists(file)
        ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace("\r", "")
        : "";
  }
}

package io.daxconv.cli.it.vm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.cli.Main;
import io.daxconv.cli.it.vm.GuestSession.Outcome;
import io.daxconv.cli.it.vm.GuestSession.Step;
import io.daxconv.converter.testing.RequiresTools;
import io.daxconv.converter.testing.TarBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Memory that this machine has not: persistent memory, device DAX, reserved physical memory and DMA
 * heaps, in one guest that is started once. What it did is checked step by step, and what its
 * memory holds byte for byte when it is gone.
 */
@RequiresTools({
  "apt-cache",
  "apt-get",
  "busybox",
  "dpkg",
  "ldd",
  "mke2fs",
  "ndctl",
  "qemu-system-x86_64",
  "xz"
})
final class LoadGuestTest {
  private static final int MEMORY_MIB = 768;
  private static final int NVDIMM_MIB = 96;
  private static final long PMEM = 512L << 20;
  private static final long RESERVED = 576L << 20;
  private static final long NVDIMM = 1L << 32;
  private static final String PHYS = "phys:0x24000000,64M";
  private static final String DAX = "dax:/dev/dax1.0";
  private static final List<String> MODULES =
      List.of(
          "virtio_blk", "nd_e820", "nd_pmem", "nfit", "device_dax", "dax_pmem", "erofs", "loop");

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;

  private static final Map<String, Step> STEPS = new LinkedHashMap<>();
  private static Map<String, Outcome> outcomes = Map.of();
  private static Map<String, byte[]> contents = Map.of();
  private static byte[] image = new byte[0];
  private static byte[] other = new byte[0];
  private static Guest.Remains remains = new Guest.Remains("", "", Path.of(""), Path.of(""));

  @BeforeAll
  static void runGuest() throws Exception {
    Path cache = Path.of(System.getProperty("basedir", "."), "target", "vm").toAbsolutePath();
    GuestKernel kernel = kernel(cache);
    Path tar = directory.resolve("image.tar");
    contents = makeTar(tar);
    image = convert(tar);
    Path small = directory.resolve("other.tar");
    Files.write(small, TarBuilder.tar().file("only", "one file").build());
    other = convert(small);
    steps();

    GuestDisk disk = new GuestDisk(directory.resolve("root"));
    disk.javaLibraries().program("/usr/bin/ndctl").classPath();
    disk.file(tar, "image.tar").file(small, "other.tar");
    Files.write(disk.root().resolve("image.daxfs"), image);
    Files.write(disk.root().resolve("other.daxfs"), other);
    Files.write(
        disk.root().resolve("cut.tar"), java.util.Arrays.copyOf(Files.readAllBytes(tar), 9 << 20));
    disk.file(Path.of("/bin/busybox"), "bin/busybox");
    GuestSession.write(disk.root().resolve("steps"), List.copyOf(STEPS.values()));
    Path initramfs = directory.resolve("initramfs.gz");
    Initramfs.write(initramfs, kernel.load(directory, MODULES), script(disk.guestClassPath()));
    Path root = disk.make(directory.resolve("root.img"), 256);

    remains =
        new Guest(
                kernel.image(),
                initramfs,
                List.of(GuestDisk.ofJdk(cache), root),
                MEMORY_MIB,
                NVDIMM_MIB,
                "memmap=64M!512M memmap=64M$576M")
            .run(directory);
    List<Outcome> all = GuestSession.read(remains.results());
    Map<String, Outcome> named = new LinkedHashMap<>();
    List<String> names = List.copyOf(STEPS.keySet());
    for (int i = 0; i < all.size(); i++) {
      named.put(names.get(i), all.get(i));
    }
    outcomes = named;
    assertThat(all).as(remains.console() + remains.results()).hasSize(STEPS.size());
  }

  private static GuestKernel kernel(Path cache) throws IOException, InterruptedException {
    try {
      return GuestKernel.in(cache);
    } catch (IOException e) {
      if (System.getProperty("daxconv.integration", "auto").equals("required")) {
        throw e;
      }
      return Assumptions.abort("needs a kernel package: " + e.getMessage());
    }
  }

  /** The commands of the guest's init, whose root is the second disk. */
  private static String script(String classPath) {
    return """
        mount -t ext4 /dev/vdb /mnt
        mount -t ext4 -o ro /dev/vda /mnt/jdk
        for directory in dev proc sys; do mount --bind /$directory /mnt/$directory; done
        mount -t tmpfs tmpfs /mnt/run
        mkdir -p /mnt/lib/modules/$(uname -r)
        chroot /mnt /usr/bin/ndctl create-namespace -f -e namespace1.0 -m devdax
        stty -F /dev/ttyS1 raw
        chroot /mnt /jdk/bin/java -Xmx160m -Xshare:auto -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
          --enable-native-access=ALL-UNNAMED -cp %s io.daxconv.cli.it.vm.GuestSession /steps /dev/ttyS1
        """
        .formatted(classPath);
  }

  /** Several pages, a file that comes twice, so that others move, equal files, a hard link. */
  private static Map<String, byte[]> makeTar(Path file) throws IOException {
    Random random = new Random(8);
    byte[] large = new byte[6 << 20];
    byte[] replaced = new byte[3 << 20];
    byte[] odd = new byte[(5 << 20) + 12345];
    random.nextBytes(large);
    random.nextBytes(replaced);
    random.nextBytes(odd);
    TarBuilder tar = TarBuilder.tar().directory("bin/").directory("etc/");
    tar.file("etc/replaced", text(replaced)).file("bin/large", text(large));
    tar.file("bin/same", text(large)).hardLink("bin/linked", "bin/large");
    tar.file("etc/odd", text(odd)).file("etc/replaced", "the second one").file("etc/empty", "");
    tar.symlink("etc/link", "replaced");
    Files.write(file, tar.build());
    Map<String, byte[]> contents = new TreeMap<>();
    contents.put("./bin/large", large(text(large)));
    contents.put("./bin/linked", large(text(large)));
    contents.put("./bin/same", large(text(large)));
    contents.put("./etc/empty", new byte[0]);
    contents.put("./etc/odd", large(text(odd)));
    contents.put("./etc/replaced", large("the second one"));
    return contents;
  }

  private static String text(byte[] bytes) {
    return HexFormat.of().formatHex(bytes, 0, bytes.length / 2);
  }

  private static byte[] large(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] convert(Path tar) throws IOException {
    Path made = directory.resolve("made.daxfs");
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(err, true, StandardCharsets.UTF_8);
    int exit =
        Main.run(
            print,
            print,
            InputStream.nullInputStream(),
            Map.of("HOME", directory.toString()),
            "convert",
            "-q",
            "tar:" + tar,
            "-o",
            made.toString());
    assertThat(exit).as(err.toString(StandardCharsets.UTF_8)).isZero();
    return Files.readAllBytes(made);
  }

  private static void daxconv(String name, String... arguments) {
    STEPS.put(name, Step.daxconv(arguments));
  }

  private static void sh(String name, String script) {
    STEPS.put(name, Step.sh(script));
  }

  private static void steps() {
    String pmem = "pmem:/dev/pmem0";
    daxconv("pmem dry", "load", "/image.daxfs", "--to", pmem, "--dry-run", "--mount", "/tmp");
    sh("pmem untouched", "head -c 4096 /dev/pmem0 | tr -d '\\0' | wc -c");
    daxconv("pmem load", "load", "/image.daxfs", "--to", pmem, "--mount", "/tmp", "--json");
    sh("pmem bytes", "head -c " + image.length + " /dev/pmem0 | cmp - /image.daxfs && echo equal");
    sh("pmem mount", "grep ' /tmp ' /proc/self/mountinfo");
    sh("pmem files", "cd /tmp && find . -type f | sort | xargs sha256sum");
    daxconv("pmem busy", "load", "/other.daxfs", "--to", pmem);
    sh("pmem hold", "sleep 1000 </tmp/etc/odd >/dev/null 2>&1 & echo $! > /run/holder");
    daxconv("pmem unload held", "unload", pmem);
    sh("pmem let go", "kill $(cat /run/holder)");
    daxconv("pmem unload", "unload", pmem);
    sh(
        "pmem cleared",
        "head -c 4096 /dev/pmem0 | tr -d '\\0' | wc -c; grep -c ' /tmp ' /proc/mounts");
    daxconv("pmem unload again", "unload", pmem);
    daxconv("pmem convert", "convert", "tar:/image.tar", "--to", pmem, "--json", "-q");

    daxconv("dax load", "load", "/other.daxfs", "--to", DAX, "--json");
    daxconv("dax again", "load", "/image.daxfs", "--to", DAX);
    daxconv("dax mount", "load", "/image.daxfs", "--to", DAX, "--mount", "/tmp");
    daxconv("dax unload", "unload", DAX);
    daxconv("dax broken", "convert", "tar:/cut.tar", "--to", DAX, "-q");
    daxconv("dax nothing left", "unload", DAX);
    daxconv("dax unknown", "load", "/image.daxfs", "--to", "dax:/dev/dax7.7");
    daxconv("dax convert", "convert", "tar:/image.tar", "--to", DAX, "--json", "-q");

    daxconv("phys of the kernel", "load", "/image.daxfs", "--to", "phys:0x8000000,64M");
    daxconv("phys of pmem", "load", "/image.daxfs", "--to", "phys:0x20000000,64M");
    daxconv("phys small", "load", "/image.daxfs", "--to", "phys:0x24000000,1M");
    daxconv("phys too small", "convert", "tar:/image.tar", "--to", "phys:0x24000000,1M", "-q");
    daxconv("phys load", "load", "/image.daxfs", "--to", PHYS, "--json");

    daxconv(
        "heap", "load", "/image.daxfs", "--to", "dma-heap:/dev/dma_heap/system", "--mount", "/tmp");
    STEPS.put("heap filled", new Step(List.of("dma-heap", "/dev/dma_heap/system", "/image.daxfs")));
    daxconv("cma", "load", "/image.daxfs", "--to", "lazy-cma:/dev/lazy_cma");
  }

  private static Outcome of(String step) {
    return outcomes.getOrDefault(step, new Outcome(-1, "not done: " + remains.results()));
  }

  private static String done(String step) {
    assertThat(of(step).exit()).as("%s: %s", step, of(step).output()).isZero();
    return of(step).output();
  }

  private static String refused(String step) {
    assertThat(of(step).exit()).as("%s: %s", step, of(step).output()).isOne();
    assertThat(of(step).output().strip()).as(step).startsWith("daxconv: ").doesNotContain("\n");
    return of(step).output();
  }

  private static JsonNode json(String step) throws IOException {
    return JSON.readTree(done(step));
  }

  private static byte[] bytes(Path memory, long at, int count) throws IOException {
    byte[] bytes = new byte[count];
    try (RandomAccessFile file = new RandomAccessFile(memory.toFile(), "r")) {
      file.seek(at);
      file.readFully(bytes);
    }
    return bytes;
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void loadsIntoPersistentMemoryAndMountsItWithDax() throws Exception {
    assertThat(done("pmem dry")).contains("would go into pmem:/dev/pmem0");
    assertThat(done("pmem untouched").strip()).isEqualTo("0");
    JsonNode loaded = json("pmem load");
    assertThat(loaded.get("sha256").asText()).isEqualTo(sha256(image));
    assertThat(loaded.get("mounted").asText()).isEqualTo("/tmp");
    assertThat(loaded.get("mount_command").asText())
        .isEqualTo("mount -t erofs -o ro,dax=always /dev/pmem0");
    assertThat(loaded.get("kernel_command_line").asText())
        .isEqualTo("root=/dev/pmem0 rootfstype=erofs rootflags=dax=always ro");
    assertThat(done("pmem bytes")).contains("equal");
    assertThat(done("pmem mount")).contains(" - erofs /dev/pmem0 ro").contains("dax=always");
    List<String> files = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      files.add(sha256(file.getValue()) + "  " + file.getKey());
    }
    assertThat(done("pmem files").lines()).containsExactlyElementsOf(files);
  }

  @Test
  void leavesMountedMemoryAlone() {
    assertThat(refused("pmem busy"))
        .contains("expected memory that is not in use, found it mounted on /tmp as erofs");
    assertThat(refused("pmem unload held")).contains("expected to unmount /tmp, found EBUSY");
  }

  @Test
  void unloadingLeavesNothingToMount() {
    assertThat(done("pmem unload"))
        .isEqualTo("unmounted /tmp\ncleared the superblocks in pmem:/dev/pmem0\n");
    assertThat(of("pmem cleared").output()).isEqualTo("0\n0\n");
    assertThat(refused("pmem unload again"))
        .contains("expected an image, found no superblock of DAXFS or EROFS");
  }

  @Test
  void convertsIntoPersistentMemory() throws Exception {
    assertThat(json("pmem convert").get("sha256").asText()).isEqualTo(sha256(image));
    assertThat(bytes(remains.memory(), PMEM, image.length)).isEqualTo(image);
  }

  @Test
  void loadsIntoDeviceDax() throws Exception {
    JsonNode loaded = json("dax load");
    assertThat(loaded.get("sha256").asText()).isEqualTo(sha256(other));
    String address = loaded.at("/memory/address").asText();
    assertThat(Long.decode(address)).isGreaterThan(NVDIMM);
    assertThat(loaded.get("mount_command").asText())
        .isEqualTo(
            "mount -t daxfs -o ro,phys=" + address + ",size=" + other.length + ",validate none");
    assertThat(loaded.get("kernel_command_line").asText())
        .isEqualTo(
            "rootfstype=daxfs rootflags=phys="
                + address
                + ",size="
                + other.length
                + ",validate ro init=/init");
    assertThat(refused("dax again")).contains("found /other.daxfs loaded there");
    assertThat(refused("dax mount")).contains("--mount: expected the filesystem daxfs");
    assertThat(refused("dax unknown")).contains("there is dax1.0");
  }

  @Test
  void aFailedConversionLeavesNoSuperblock() {
    assertThat(done("dax unload")).isEqualTo("cleared the superblocks in " + DAX + "\n");
    assertThat(refused("dax broken")).contains("cut.tar");
    assertThat(refused("dax nothing left")).contains("found no superblock");
  }

  @Test
  void convertsIntoDeviceDax() throws Exception {
    JsonNode converted = json("dax convert");
    long at = Long.decode(converted.at("/loaded/memory/address").asText()) - NVDIMM;
    assertThat(bytes(remains.nvdimm(), at, image.length)).isEqualTo(image);
  }

  @Test
  void loadsIntoReservedMemoryOnly() throws Exception {
    assertThat(refused("phys of the kernel")).contains("found System RAM");
    assertThat(refused("phys of pmem")).contains("found namespace0.0");
    assertThat(refused("phys small"))
        .contains("expected room for " + image.length + " bytes, found 1048576");
    assertThat(refused("phys too small")).contains("expected room for the image, found 1048576");
    assertThat(json("phys load").at("/memory/address").asText()).isEqualTo("0x24000000");
    assertThat(bytes(remains.memory(), RESERVED, image.length)).isEqualTo(image);
  }

  @Test
  void fillsADmaBuf() {
    assertThat(done("heap filled").strip()).isEqualTo("equal " + image.length);
    assertThat(refused("heap")).contains("--mount: expected the filesystem daxfs");
    assertThat(refused("cma"))
        .contains("expected to open /dev/lazy_cma for writing, found nothing");
  }
}

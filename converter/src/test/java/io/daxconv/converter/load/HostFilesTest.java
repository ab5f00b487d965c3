package io.daxconv.converter.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.format.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of proc and sysfs, and the structs of requests. */
final class HostFilesTest {
  private static final LoadTarget TARGET = LoadTarget.parse("file:/x");

  @TempDir private Path directory;
  private Host host = Host.here(Path.of("/"));

  @BeforeEach
  void makeHost() throws IOException {
    Path proc = directory.resolve("proc");
    Files.createDirectories(proc.resolve("self"));
    host = new Host(new FakeKernel(), directory.resolve("sys"), proc, directory, directory);
    Files.writeString(
        proc.resolve("iomem"),
        """
        00000000-00000fff : Reserved
        00100000-3fffffff : System RAM
          20200000-211fffff : Kernel code
        40000000-47ffffff : Persistent Memory (legacy)
          40000000-47ffffff : namespace0.0
        48000000-4fffffff : Reserved
          4a000000-4a000fff : somebody
        100000000-10fffffff : Soft Reserved
        """);
    Files.writeString(
        proc.resolve("self/mountinfo"),
        """
        22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
        40 22 0:50 / /mnt/a\\040b ro - daxfs none ro,name=x,phys=0x100000000,size=65536,static
        41 22 259:0 / /mnt/p ro - erofs /dev/pmem0 ro,dax=always
        """);
  }

  @ParameterizedTest
  @CsvSource({
    "0x48000000, 4096",
    "0x48000000, 0x2000000",
    "0x4a001000, 4096",
    "0x100000000, 0x10000000"
  })
  void takesWhatTheKernelLeavesAlone(String address, String size) {
    assertThatCode(() -> require(address, size)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "0x200000, 4096, System RAM",
    "0x20200000, 4096, System RAM",
    "0x40000000, 4096, namespace0.0",
    "0x48000000, 0x2001000, somebody",
    "0x4ffff000, 8192, Reserved at",
    "0x90000000, 4096, no memory"
  })
  void refusesWhatIsTaken(String address, String size, String found) {
    assertThatThrownBy(() -> require(address, size)).hasMessageContaining("found " + found);
  }

  private void require(String address, String size) throws IOException {
    PhysicalMemoryMap.of(host)
        .require(TARGET, new PhysicalRange(Long.decode(address), Long.decode(size)));
  }

  @Test
  void addressesAreForRootOnly() throws IOException {
    Files.writeString(directory.resolve("proc/iomem"), "00000000-00000000 : System RAM\n");
    assertThatThrownBy(() -> require("4096", "4096")).hasMessageEndingWith("it takes root");
  }

  @Test
  void findsMountsOfMemoryAndDevices() throws IOException {
    Mounts mounts = Mounts.of(host);
    assertThatThrownBy(() -> mounts.refuseRange(TARGET, new PhysicalRange((1L << 32) + 65535, 1)))
        .hasMessageContaining("found it mounted on /mnt/a b as daxfs");
    assertThatCode(() -> mounts.refuseRange(TARGET, new PhysicalRange((1L << 32) + 65536, 1)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> mounts.refuseDevice(TARGET, "259:0")).hasMessageContaining("/mnt/p");
    assertThatCode(() -> mounts.refuseDevice(TARGET, "259:1")).doesNotThrowAnyException();
  }

  @Test
  void daxInstancesOfOtherDriversAreLeftAlone() throws IOException {
    Path about = Files.createDirectories(directory.resolve("sys/bus/dax/devices/dax0.0"));
    Files.writeString(about.resolve("size"), "2097152\n");
    Files.writeString(about.resolve("resource"), "0x200000000\n");
    Files.createSymbolicLink(about.resolve("driver"), Path.of("../../drivers/kmem"));
    try (Place place = Place.of(LoadTarget.parse("dax:/dev/dax0.0"), host)) {
      assertThatThrownBy(() -> place.check(4096))
          .hasMessageContaining("expected the driver device_dax, found kmem");
      assertThatThrownBy(() -> place.check(2097153))
          .hasMessageContaining("expected room for 2097153 bytes, found 2097152");
    }
  }

  @Test
  void pmemDevicesMustHaveDaxAndNoHolders() throws IOException {
    Path about = Files.createDirectories(directory.resolve("sys/class/block/pmem7/queue"));
    Files.writeString(about.resolveSibling("size"), "16\n");
    Files.writeString(about.resolveSibling("dev"), "259:7\n");
    try (Place place = Place.of(LoadTarget.parse("pmem:/dev/pmem7"), host)) {
      assertThatThrownBy(() -> place.check(4096))
          .hasMessageContaining("expected a device with DAX");
      Files.writeString(about.resolve("dax"), "1\n");
      assertThatCode(() -> place.check(8192)).doesNotThrowAnyException();
      Files.createDirectories(about.resolveSibling("holders").resolve("dm-0"));
      assertThatThrownBy(() -> place.check(8192)).hasMessageContaining("found it held by dm-0");
      Files.writeString(about.resolveSibling("dev"), "259:0\n");
      assertThatThrownBy(() -> place.check(8192))
          .hasMessageContaining("mounted on /mnt/p as erofs");
    }
  }

  @Test
  void requestsAreLaidOutAsTheHeadersSay() {
    assertThat(Fields.offsetOf(LazyCmaPlace.LAYOUT, "phys_addr")).isEqualTo(8);
    assertThat(Fields.offsetOf(LazyCmaPlace.LAYOUT, "node")).isEqualTo(16);
    assertThat(Fields.offsetOf(LazyCmaPlace.LAYOUT, "name")).isEqualTo(24);
    assertThat(LazyCmaPlace.ALLOCATE).isEqualTo(3L << 30 | 88L << 16 | 'H' << 8);
    assertThat(Fields.offsetOf(DmaHeapPlace.LAYOUT, "fd")).isEqualTo(8);
    assertThat(Fields.offsetOf(DmaHeapPlace.LAYOUT, "heap_flags")).isEqualTo(16);
    assertThat(DmaHeapPlace.ALLOCATE).isEqualTo(3L << 30 | 24L << 16 | 'H' << 8);
    assertThat(DmaHeapPlace.SYNC).isEqualTo(1L << 30 | 8L << 16 | 'b' << 8);
  }
}

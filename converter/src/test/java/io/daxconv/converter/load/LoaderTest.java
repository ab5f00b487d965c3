package io.daxconv.converter.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.linux.NewMount;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading by system calls that no kernel here has; what a kernel does have is tried in a guest. */
final class LoaderTest {
  private static final LoadTarget CMA = LoadTarget.parse("lazy-cma:/dev/lazy_cma,1");
  private static final LoadTarget HEAP = LoadTarget.parse("dma-heap:/dev/dma_heap/system");

  @TempDir private Path directory;
  private final FakeKernel kernel = new FakeKernel();
  private Path image = Path.of("");
  private byte[] bytes = new byte[0];

  @BeforeEach
  void makeHost() throws IOException {
    image = directory.resolve("a.daxfs");
    Converter.convert(
        TestImages.of(TarBuilder.tar().file("a", "x".repeat(9000)).build()),
        image,
        ConversionOptions.DEFAULT,
        ConversionListener.NONE);
    bytes = Files.readAllBytes(image);
    Files.createDirectories(directory.resolve("proc/self"));
    Files.createDirectories(directory.resolve("proc/sys/kernel/random"));
    Files.writeString(directory.resolve("proc/filesystems"), "nodev\tdaxfs\n\terofs\n");
    Files.writeString(directory.resolve("proc/sys/kernel/random/boot_id"), "boot-1\n");
    mountInfo("");
  }

  private void mountInfo(String text) throws IOException {
    Files.writeString(directory.resolve("proc/self/mountinfo"), text);
  }

  private Host host() {
    return new Host(
        kernel,
        directory.resolve("sys"),
        directory.resolve("proc"),
        directory.resolve("modules"),
        directory.resolve("state"));
  }

  private Loader loader(LoadTarget target, @Nullable Path mount) {
    return new Loader(host(), target, new LoadOptions(mount, directory.resolve("state")));
  }

  private byte[] held() {
    return kernel.memory.asSlice(0, bytes.length).toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void allocatesFromLazyCmaAndFillsByPhysicalAddress() throws IOException {
    LoadResult result = loader(CMA, directory).load(image, LoadListener.NONE);

    assertThat(kernel.calls)
        .contains(
            "allocate " + bytes.length + " bytes on node 1 as daxconv",
            "map /dev/mem at 0x740000000, " + bytes.length + " bytes");
    assertThat(held()).isEqualTo(bytes);
    assertThat(result.mountCommand())
        .isEqualTo("mount -t daxfs -o ro,phys=0x740000000,size=" + bytes.length + ",validate none");
    assertThat(kernel.mounts).hasSize(1);
    assertThat(kernel.open).isEmpty();
  }

  @Test
  void unloadsWhatStaysAllocated() throws IOException {
    loader(CMA, directory).load(image, LoadListener.NONE);
    mountInfo(
        "40 1 0:50 / "
            + directory
            + " ro - daxfs none ro,phys=0x740000000,size="
            + bytes.length
            + "\n");
    assertThatThrownBy(() -> loader(CMA, null).load(image, LoadListener.NONE))
        .hasMessageContaining("found " + image + " loaded there");

    assertThatThrownBy(() -> new Unloader(host(), CMA, null).unload())
        .as("the fake's table still shows it")
        .hasMessageContaining("found it mounted on " + directory + " as daxfs");
    assertThat(kernel.calls).contains("unmount " + directory);
    mountInfo("");
    assertThat(new Unloader(host(), CMA, null).unload())
        .singleElement()
        .asString()
        .startsWith("cleared the superblocks at 0x740000000; the memory stays allocated");
    assertThat(Arrays.copyOf(held(), 4096)).containsOnly(0);
  }

  @Test
  void leavesAForeignMountAlone() throws IOException {
    loader(CMA, directory).load(image, LoadListener.NONE);
    mountInfo("40 1 0:50 / " + directory + " rw - tmpfs tmpfs rw\n");

    assertThatThrownBy(() -> new Unloader(host(), CMA, null).unload())
        .hasMessageEndingWith("found tmpfs of another source");
    assertThat(held()).isEqualTo(bytes);
  }

  @Test
  void handsADmaBufOverByItsDescriptor() throws IOException {
    LoadResult result = loader(HEAP, directory).load(image, LoadListener.NONE);

    assertThat(kernel.calls).containsSubsequence("allocate " + bytes.length + " bytes", "sync 3");
    assertThat(kernel.calls).containsSubsequence("sync 3", "sync 7", "close dmabuf");
    assertThat(held()).isEqualTo(bytes);
    NewMount mount = kernel.mounts.getFirst();
    assertThat(mount.type()).isEqualTo("daxfs");
    assertThat(mount.settings().getFirst().key()).isEqualTo("dmabuf");
    assertThat(mount.settings().getFirst().fd()).isPositive();
    assertThat(result.mountCommand()).isNull();
    assertThat(kernel.open).isEmpty();
  }

  @Test
  void aMountThatFailsLeavesNoSuperblockAndNoRecord() throws IOException {
    kernel.mountFails = true;

    assertThatThrownBy(() -> loader(CMA, directory).load(image, LoadListener.NONE))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("EINVAL, invalid argument (e daxfs: bad)");
    assertThat(Arrays.copyOf(held(), 4096)).containsOnly(0);
    assertThat(kernel.open).isEmpty();
    kernel.mountFails = false;
    assertThat(loader(CMA, directory).load(image, LoadListener.NONE).mounted())
        .isEqualTo(directory);
  }

  @Test
  void nothingIsValidBeforeItIsWhole() throws IOException {
    try (MemoryOutput output = loader(CMA, null).output("x", bytes.length)) {
      output.copy(image, bytes.length, LoadListener.NONE);
      assertThat(Arrays.copyOf(held(), 4096)).containsOnly(0);
      assertThat(Arrays.copyOfRange(held(), 4096, bytes.length))
          .isEqualTo(Arrays.copyOfRange(bytes, 4096, bytes.length));
      output.commit();
      assertThat(held()).isEqualTo(bytes);
    }
    assertThat(Arrays.copyOf(held(), 4096)).as("closed without finish").containsOnly(0);
  }

  @Test
  void whatAKillLeavesIsUnloadedOrLoadedOver() throws IOException {
    Path left = directory.resolve("left");
    try (MemoryOutput output = loader(CMA, null).output("x", bytes.length)) {
      output.copy(image, bytes.length, LoadListener.NONE);
      // What stands in memory and in the state directory after kill -9; the lock is gone with it.
      assertThat(Arrays.copyOf(held(), 4096)).containsOnly(0);
      Files.createDirectories(left);
      try (Stream<Path> files = Files.list(directory.resolve("state"))) {
        for (Path file : files.toList()) {
          Files.copy(file, left.resolve(file.getFileName()));
        }
      }
    }
    Host host =
        new Host(
            kernel,
            directory.resolve("sys"),
            directory.resolve("proc"),
            directory.resolve("modules"),
            left);
    try (LoadState state = LoadState.lock(host, CMA, "")) {
      assertThat(Objects.requireNonNull(state.read()).state()).isEqualTo(LoadRecord.State.FILLING);
    }

    new Loader(host, CMA, new LoadOptions(null, left)).load(image, LoadListener.NONE);
    assertThat(held()).isEqualTo(bytes);
    assertThat(new Unloader(host, CMA, null).unload()).hasSize(1);
    assertThat(Arrays.copyOf(held(), 4096)).containsOnly(0);
    assertThatThrownBy(() -> new Unloader(host, CMA, null).unload())
        .hasMessageContaining("found no record");
  }

  @Test
  void writesNothingBehindTheImage() throws IOException {
    // As a ramdax range has it: its last 128 KiB are a label area, which is the driver's.
    loader(CMA, null).load(image, LoadListener.NONE);

    byte[] behind =
        kernel
            .memory
            .asSlice(bytes.length, kernel.memory.byteSize() - bytes.length)
            .toArray(ValueLayout.JAVA_BYTE);
    assertThat(behind.length).isGreaterThan(128 << 10);
    assertThat(behind).containsOnly(0xa5);
    new Unloader(host(), CMA, null).unload();
    assertThat(
            kernel
                .memory
                .asSlice(bytes.length, kernel.memory.byteSize() - bytes.length)
                .toArray(ValueLayout.JAVA_BYTE))
        .isEqualTo(behind);
  }

  @Test
  void convertsIntoMemoryThatHeldOtherBytes() throws IOException {
    byte[] tar =
        TarBuilder.tar()
            .file("gone", "y".repeat(20_000))
            .file("kept", "z".repeat(5000))
            .file("gone", "short")
            .file("same", "z".repeat(5000))
            .build();
    Path file = directory.resolve("b.daxfs");
    Converter.convert(TestImages.of(tar), file, ConversionOptions.DEFAULT, ConversionListener.NONE);
    try (MemoryOutput output = loader(CMA, null).output("x", 1 << 19)) {
      Converter.convert(
          TestImages.of(tar), output, ConversionOptions.DEFAULT, ConversionListener.NONE);
      LoadResult result = output.finish(null, LoadListener.NONE);
      bytes = Files.readAllBytes(file);
      assertThat(result.size()).isEqualTo(bytes.length);
    }
    assertThat(held()).isEqualTo(bytes);
    long end = kernel.memory.byteSize();
    assertThat(kernel.memory.asSlice(1 << 19, end - (1 << 19)).toArray(ValueLayout.JAVA_BYTE))
        .as("behind what was allocated")
        .containsOnly(0xa5);
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    assertThatThrownBy(() -> loader(LoadTarget.parse("lazy-cma:/dev/absent"), null).check(image))
        .hasMessage(
            "lazy-cma:/dev/absent: expected to open /dev/absent for writing, found nothing");
    assertThatThrownBy(() -> loader(HEAP, null).check(image))
        .hasMessageContaining("a dma-buf that is not mounted ends with daxconv");
    Files.writeString(directory.resolve("proc/filesystems"), "\terofs\n");
    assertThatThrownBy(() -> loader(HEAP, directory).check(image))
        .hasMessageContaining("--mount: expected the filesystem daxfs");
    assertThat(Objects.requireNonNull(loader(CMA, null).check(image)).remarks())
        .singleElement()
        .asString()
        .startsWith("to mount it here takes the filesystem daxfs");
  }
}

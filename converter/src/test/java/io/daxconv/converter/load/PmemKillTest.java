package io.daxconv.converter.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.testing.RequiresTools;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code kill -9} of a process that fills a block device in which a sound image stood: what is
 * there is never taken for an image that is not whole, and the next command mends it.
 */
@RequiresTools(
    value = {"losetup", "mknod"},
    root = true)
final class PmemKillTest {
  @TempDir private static Path shared;
  private static Path tar = Path.of("");
  private static Path image = Path.of("");
  private static byte[] bytes = new byte[0];

  @TempDir private Path directory;
  private LoopPmem pmem;

  @BeforeAll
  static void makeImage() throws IOException {
    byte[] data = new byte[9 << 20];
    new Random(9).nextBytes(data);
    tar = shared.resolve("a.tar");
    Files.write(
        tar, TarBuilder.tar().add(new TarEntry('0', "data").data(data)).file("b", "small").build());
    image = shared.resolve("a.daxfs");
    Converter.convert(
        TestImages.of(Files.readAllBytes(tar)),
        image,
        ConversionOptions.DEFAULT,
        ConversionListener.NONE);
    bytes = Files.readAllBytes(image);
  }

  @BeforeEach
  void makeDevice() throws Exception {
    pmem = LoopPmem.make(directory);
    // What is filled held an image before.
    pmem.write(bytes);
  }

  @AfterEach
  void detach() throws Exception {
    if (pmem != null) {
      pmem.detach();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "load, writing, invalid",
    "load, writing+, invalid",
    "load, verifying, whole",
    "convert, layer+, invalid",
    "convert, metadata, invalid",
    "convert, verifying+, whole"
  })
  void leavesNoImageOrAWholeOne(String command, String point, String left) throws Exception {
    killAt(command, point);

    assertLeft(left);
    assertThat(pmem.unloader().unload()).hasSize(1);
    assertThat(pmem.bytes(0, 4096)).containsOnly(0);
    assertThatThrownBy(() -> pmem.unloader().unload()).hasMessageContaining("found no superblock");

    killAt(command, point);
    assertThat(LoopPmem.loader(directory).load(image, LoadListener.NONE).size())
        .isEqualTo(bytes.length);
    assertThat(Arrays.mismatch(pmem.bytes(0, bytes.length), bytes)).isEqualTo(-1);
    assertThat(pmem.isUntouched(bytes.length, LoopPmem.BYTES)).isTrue();
  }

  private void assertLeft(String left) throws IOException {
    if (left.equals("whole")) {
      assertThat(Arrays.mismatch(pmem.bytes(0, bytes.length), bytes)).isEqualTo(-1);
    } else {
      assertThat(pmem.bytes(0, 4096)).containsOnly(0);
    }
  }

  private void killAt(String command, String point) throws Exception {
    Path from = command.equals("load") ? image : tar;
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                PmemProbe.class.getName(),
                directory.toString(),
                command,
                from.toString(),
                point)
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.inputReader().readLine()).as(Files.readString(err)).isEqualTo(point);
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}

package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All reading commands on a block device, and how much they read of it. */
@RequiresTools(
    value = {"umoci", "dpkg", "setcap", "find", "stat", "getfattr", "mount", "losetup", "blockdev"},
    root = true,
    filesystems = "erofs")
@ExtendWith(ReadImage.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReadingDeviceTest {
  private ReadImage real;
  private String file;
  private String device;

  @BeforeAll
  void attach(ReadImage real) throws Exception {
    this.real = real;
    file = real.image().toString();
    device = Tool.run(real.directory(), "losetup", "-r", "-f", "--show", file).strip();
  }

  @AfterAll
  void detach() throws Exception {
    if (device != null) {
      Tool.run(Path.of("/"), "losetup", "-d", device);
    }
  }

  /** A command's first argument is what is read. */
  private byte[] run(String view, String image, String... command) {
    String[] argv = new String[command.length + 3];
    argv[0] = command[0];
    argv[1] = "--view";
    argv[2] = view;
    argv[3] = image;
    System.arraycopy(command, 1, argv, 4, command.length - 1);
    return real.run(argv);
  }

  @ParameterizedTest
  @ValueSource(strings = {"erofs", "daxfs"})
  void everyCommandSaysOfADeviceWhatItSaysOfTheFile(String view) {
    for (String[] command :
        new String[][] {
          {"ls", "/", "-lR"},
          {"cat", "/usr/bin/bash", "/etc/passwd", "/data/page-and-a-byte"},
          {"stat", "/", "/usr/bin/bash-copy", "/data/long-link", "/data/zeros"},
          {"find", "-ls"},
          {"du", "-a"},
          {"du", "-s", "--apparent-size"},
        }) {
      assertThat(Arrays.mismatch(run(view, device, command), run(view, file, command)))
          .as(Arrays.toString(command))
          .isEqualTo(-1);
      assertThat(run(view, device, command)).as(Arrays.toString(command)).isNotEmpty();
    }
  }

  @Test
  void extractsFromADevice() throws Exception {
    Path into = real.directory().resolve("from the device");
    real.run("extract", device, "-o", into.toString());
    assertThat(FullListing.of(into)).isEqualTo(real.mounted());
    assertThat(TreeListing.of(into)).isEqualTo(TreeListing.of(real.mount().directory()));
    byte[] tar = real.run("extract", device, "-o", "-");
    assertThat(Arrays.mismatch(tar, real.run("extract", file, "-o", "-"))).isEqualTo(-1);
    assertThat(tar).hasSizeGreaterThan(1 << 20);
  }

  @Test
  void comparesADevice() throws Exception {
    assertThat(real.text("diff", device, file)).isEmpty();
    assertThat(real.text("diff", "-q", device, real.source().reference())).isEmpty();
    Path other = real.directory().resolve("other.daxfs");
    real.run("convert", "oci:../examples/hello-image", "-q", "-o", other.toString());
    Daxconv onDevice = Daxconv.run(real.home(), "diff", device, other.toString());
    assertThat(onDevice.exit()).isOne();
    assertThat(onDevice.out())
        .contains("removed /usr/bin/bash\n")
        .isEqualTo(Daxconv.run(real.home(), "diff", file, other.toString()).out());
  }

  @Test
  void readsNoMoreThanItNeeds() throws Exception {
    // Without reading ahead, the device reads the pages that are touched and no others.
    Tool.run(real.directory(), "blockdev", "--setra", "0", device);
    long few = Files.size(real.image()) / 20;
    for (String[] command :
        new String[][] {
          {"ls", "-l", device, "/usr/bin"},
          {"stat", device, "/usr/bin/bash"},
          {"cat", device, "/etc/passwd"},
          {"find", device, "/data", "-type", "f"},
          {"ls", "--view", "daxfs", "-l", device, "/data"},
          {"cat", "--view", "daxfs", device, "/etc/passwd"},
        }) {
      assertThat(bytesRead(command)).as(Arrays.toString(command)).isPositive().isLessThan(few);
    }
    assertThat(bytesRead("extract", device, "-o", "-")).isGreaterThan(few * 18);
  }

  /** What a command makes the device read whose pages are not in the cache. */
  private long bytesRead(String... command) throws IOException, InterruptedException {
    Tool.run(real.directory(), "blockdev", "--flushbufs", device);
    long before = sectorsRead();
    real.run(command);
    return 512 * (sectorsRead() - before);
  }

  /** The third number of Documentation/block/stat.rst. */
  private long sectorsRead() throws IOException {
    Path stat = Path.of("/sys/block", Path.of(device).getFileName().toString(), "stat");
    return Long.parseLong(Files.readString(stat).strip().split(" +", -1)[2]);
  }
}

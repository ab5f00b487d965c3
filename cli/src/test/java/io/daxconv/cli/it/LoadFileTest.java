package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading into files, on this kernel: a tmpfs of the test's own, a loop device, a file. */
@RequiresTools(
    value = {"mount", "umount"},
    root = true,
    filesystems = {"erofs", "tmpfs"})
final class LoadFileTest {
  @TempDir private Path directory;
  private Path memory = Path.of("");
  private Path mounted = Path.of("");
  private Path image = Path.of("");

  @BeforeEach
  void makeImageAndTmpfs() throws Exception {
    memory = Files.createDirectories(directory.resolve("in memory"));
    mounted = Files.createDirectories(directory.resolve("mounted here"));
    Tool.run(directory, "mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", memory.toString());
    image = directory.resolve("a.daxfs");
    daxconv("convert", "oci:../examples/hello-image", "-q", "-o", image.toString()).output();
  }

  @AfterEach
  void unmount() throws Exception {
    Tool.outcome(directory, "umount", mounted.toString());
    Tool.run(directory, "umount", memory.toString());
  }

  private Daxconv daxconv(String... arguments) throws IOException {
    return Daxconv.run(directory.resolve("home"), arguments);
  }

  private Daxconv load(String command, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--state", directory.resolve("state").toString()));
    return daxconv(all.toArray(String[]::new));
  }

  private static List<String> mounts(Path on) throws IOException {
    String escaped = on.toString().replace(" ", "\\040");
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .filter(line -> line.contains(" " + escaped + " "))
        .toList();
  }

  @Test
  void mountsFromATmpfsThroughALoopDeviceAndDeletesTheFile() throws Exception {
    String target = "tmpfs:" + memory;
    Path file = memory.resolve("a.daxfs");

    String told =
        load("load", image.toString(), "--to", target, "--mount", mounted.toString()).output();

    assertThat(told).contains("mounted    on '" + mounted + "'");
    assertThat(file).hasSameBinaryContentAs(image);
    assertThat(mounts(mounted)).singleElement().asString().startsWith("/dev/loop");
    assertThat(mounted.resolve("etc")).isDirectory();
    assertThat(load("load", image.toString(), "--to", target).err())
        .contains("found " + image + " loaded there");
    assertThat(load("unload", target).lines())
        .containsExactly("unmounted " + mounted, "deleted " + file);
    assertThat(mounts(mounted)).isEmpty();
    assertThat(file).doesNotExist();
    assertThat(load("unload", target).exit()).isOne();
  }

  @Test
  void aFileStaysWhenItIsUnloaded() throws Exception {
    Path file = directory.resolve("b.daxfs");
    String target = "file:" + file;

    load("load", image.toString(), "--to", target, "--mount", mounted.toString()).output();

    assertThat(mounts(mounted)).hasSize(1);
    assertThat(load("unload", target).lines()).containsExactly("unmounted " + mounted);
    assertThat(file).hasSameBinaryContentAs(image);
  }

  @Test
  void refusesWhatDoesNotFit() throws Exception {
    Files.write(memory.resolve("full"), new byte[(8 << 20) - 8192]);

    Daxconv refused = load("load", image.toString(), "--to", "tmpfs:" + memory);

    assertThat(refused.exit()).isOne();
    assertThat(refused.err())
        .contains("expected room for " + Files.size(image) + " bytes, found 8192");
    assertThat(memory.resolve("a.daxfs")).doesNotExist();
    assertThat(load("load", image.toString(), "--to", "tmpfs:" + directory).err())
        .contains("expected a directory on a tmpfs, found one on ");
  }

  @Test
  void convertsStraightOntoATmpfs() throws Exception {
    load("convert", "oci:../examples/hello-image", "-q", "--to", "tmpfs:" + memory).output();

    assertThat(memory.resolve("image.daxfs")).hasSameBinaryContentAs(image);
    assertThat(load("convert", "oci:../examples/hello-image").exit()).isEqualTo(2);
  }

  @Test
  void namesWhatThisMachineHasNot() throws Exception {
    Daxconv refused = load("load", image.toString(), "--to", "pmem:/dev/pmem987654321");

    assertThat(refused.exit()).isOne();
    assertThat(refused.err())
        .startsWith(
            "daxconv: pmem:/dev/pmem987654321: expected a persistent-memory device, found nothing");
  }
}

package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code daxconv mount} and {@code umount}. */
@RequiresTools(
    value = {"mount", "umount", "losetup", "findmnt"},
    root = true,
    filesystems = {"erofs", "tmpfs"})
final class MountCommandTest {
  @TempDir private Path directory;
  private UpHost host;
  private Path place;

  @BeforeEach
  void makeImage() throws IOException, InterruptedException {
    host = UpHost.make(directory);
    place = Files.createDirectory(host.directory().resolve("place"));
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    host.unmountAll();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a,b",
        "a:b",
        "a\\b",
        "line\nbreak",
        "trailing\\",
        "a\"b'c",
        "-o",
        "caf\u00e9"
      })
  void takesEveryPath(String name) throws IOException {
    Path in = Files.createDirectory(host.directory().resolve(name));
    Path image = Files.copy(host.image(), in.resolve(name));
    Path to = Files.createDirectory(in.resolve(name + ".to"));
    host.run("mount", image.toString(), to.toString()).output();
    assertThat(to.resolve("dir/inside")).hasContent("base");
    host.run("umount", to.toString()).output();
    assertThat(host.mounted()).isEmpty();

    Path root = in.resolve("r" + name);
    String state = host.state().toString();
    host.run("up", image.toString(), "--root", root.toString(), "--state", state).output();
    assertThat(root.resolve("c1/merged/dir/inside")).hasContent("base");
    Files.writeString(root.resolve("c1/merged/new"), "x");
    assertThat(root.resolve("c1/upper/new")).hasContent("x");
    host.run("down", "--all", "--purge", "--state", state).output();
    assertThat(root).doesNotExist();
    assertThat(host.mounted()).isEmpty();
  }

  @Test
  void guardsTheHostUnlessTrusted() throws Exception {
    host.run("mount", host.image().toString(), place.toString()).output();
    assertThat(options()).contains("ro", "nosuid", "nodev");
    host.run("umount", place.toString()).output();
    host.run("mount", "--trusted", host.image().toString(), place.toString()).output();
    assertThat(options()).contains("ro").doesNotContain("nosuid").doesNotContain("nodev");
    host.run("umount", place.toString()).output();
  }

  private String options() throws IOException, InterruptedException {
    return Tool.run(place, "findmnt", "-n", "-o", "VFS-OPTIONS", place.toString());
  }

  @Test
  void takesALoopDeviceOnATmpfsAndFreesIt() throws Exception {
    Path memory = Files.createDirectory(host.directory().resolve("memory"));
    Tool.run(directory, "mount", "-t", "tmpfs", "memory", memory.toString());
    Path image = Files.copy(host.image(), memory.resolve("image.daxfs"));
    host.run("mount", image.toString(), place.toString()).output();
    assertThat(place.resolve("file")).hasContent("base");
    assertThat(host.mounted()).anyMatch(line -> line.contains(" - erofs /dev/loop"));
    assertThat(losetup(image)).contains("/dev/loop");
    host.run("umount", place.toString()).output();
    assertThat(losetup(image)).isEmpty();
    Tool.run(directory, "umount", memory.toString());
  }

  private static String losetup(Path image) throws IOException, InterruptedException {
    return Tool.run(Path.of("/"), "losetup", "-j", image.toString());
  }

  @Test
  void unmountsImagesOnly() throws Exception {
    assertThat(failure("umount", place.toString()))
        .endsWith("mounted as erofs or daxfs, found none\n");
    Tool.run(directory, "mount", "-t", "tmpfs", "foreign", place.toString());
    assertThat(failure("umount", place.toString()))
        .endsWith("mounted as erofs or daxfs, found tmpfs of \"foreign\"\n");
    assertThat(host.mounted()).hasSize(1);
    Tool.run(directory, "umount", place.toString());

    host.up().output();
    Path base = host.root().resolve("base");
    assertThat(failure("umount", base.toString(), "--state", host.state().toString()))
        .endsWith("found one of the plan plan; daxconv down plan\n");
    assertThat(host.planState()).isEqualTo("up");
    host.down().output();
  }

  @Test
  void looksAtTheImageFirst() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(host.image().toFile(), "rw")) {
      file.seek(1024 + 48);
      int old = file.read();
      file.seek(1024 + 48);
      file.write(~old);
    }
    assertThat(failure("mount", host.image().toString(), place.toString()))
        .contains("expected checksum 0x");
    assertThat(host.up().err()).contains("expected checksum 0x");
    assertThat(host.root()).doesNotExist();
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    String image = host.image().toString();
    Daxconv nowhere = host.run("mount", image, host.directory().resolve("none").toString());
    assertThat(nowhere.exit()).isEqualTo(2);
    assertThat(nowhere.err()).contains("/none: expected a directory, found nothing");
    if (!Files.readString(Path.of("/proc/filesystems")).contains("\tdaxfs\n")) {
      assertThat(failure("mount", "--view", "daxfs", image, place.toString()))
          .isEqualTo(
              "daxconv: fsopen of daxfs: ENODEV, no such device; this kernel has no filesystem"
                  + " daxfs, see /proc/filesystems; if it is a module, load it: modprobe daxfs\n");
    }
    if (Files.notExists(Path.of("/dev/pmem9"))) {
      assertThat(failure("mount", "--target", "pmem:/dev/pmem9", image, place.toString()))
          .isEqualTo(
              "daxconv: base target pmem:/dev/pmem9: expected a pmem device, found nothing\n");
    }
  }

  private String failure(String... args) throws IOException {
    Daxconv failed = host.run(args);
    assertThat(failed.exit()).as(failed.err()).isOne();
    return failed.err();
  }
}

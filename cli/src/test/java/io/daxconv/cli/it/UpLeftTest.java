package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code down} makes of what a kill, a boot or somebody else has left. */
@RequiresTools(
    value = {"mount", "umount", "env"},
    root = true,
    filesystems = {"erofs", "overlay", "tmpfs"})
final class UpLeftTest {
  @TempDir private Path directory;
  private UpHost host;

  @BeforeEach
  void makeImage() throws IOException, InterruptedException {
    host = UpHost.make(directory);
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    host.unmountAll();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 9, 20, 60, 100})
  void aKilledRunIsUndone(int lines) throws Exception {
    try (FaultProcess up =
        FaultProcess.start(directory.resolve("home"), host.upCommand("-n", "50"))) {
      up.await(
          () ->
              Files.exists(host.journal())
                  && Files.readString(host.journal()).lines().count() >= lines);
      up.killAfter(Duration.ZERO);
    }
    host.down().output();
    host.assertNothingLeft();
  }

  /** So many containers that it is at work yet when the signal comes. */
  @ParameterizedTest
  @CsvSource({
    "INT, 1, 130",
    "TERM, 2, 143",
    "INT, 4, 130",
    "TERM, 8, 143",
    "INT, 30, 130",
    "TERM, 100, 143"
  })
  void anInterruptedRunUndoesItself(String signal, int lines, int exit) throws Exception {
    try (FaultProcess up =
        FaultProcess.start(directory.resolve("home"), host.upCommand("-n", "5000"))) {
      up.await(
          () ->
              Files.exists(host.journal())
                  && Files.readString(host.journal()).lines().count() >= lines);
      up.signal(signal);
      assertThat(up.exit()).isEqualTo(exit);
      assertThat(up.err()).doesNotContain("daxconv:", "Exception");
    }
    host.assertNothingLeft();
  }

  @Test
  void aForeignMountUponIsLeftAlone() throws Exception {
    host.up().output();
    String merged = host.merged("c1").toString();
    Tool.run(directory, "mount", "-t", "tmpfs", "foreign", merged);
    Daxconv down = host.down();
    assertThat(down.exit()).isOne();
    assertThat(down.err())
        .contains(
            "/c1/merged\": expected daxconv's own mount uppermost, found another on it: tmpfs of"
                + " \"foreign\"; unmount that first");
    assertThat(host.mounted()).hasSize(3);
    assertThat(host.planState()).isEqualTo("half");
    Tool.run(directory, "umount", merged);
    assertThat(host.planState()).isEqualTo("up");
    host.down().output();
    host.assertNothingLeft();
  }

  @Test
  void aForeignMountInPlaceIsLeftAlone() throws Exception {
    host.up().output();
    String merged = host.merged("c1").toString();
    Tool.run(directory, "umount", merged);
    Tool.run(directory, "mount", "-t", "tmpfs", "foreign", merged);
    Files.writeString(host.merged("c1").resolve("precious"), "x");
    Daxconv down = host.down("--purge");
    assertThat(down.exit()).isOne();
    assertThat(down.err())
        .contains("expected to be removed, found mounted on it tmpfs of \"foreign\"");
    assertThat(host.merged("c1").resolve("precious")).hasContent("x");
    assertThat(host.mounted()).hasSize(1);
    Tool.run(directory, "umount", merged);
    host.down().output();
    host.assertNothingLeft();
  }

  @Test
  void aForeignMountInAnUpperIsNotDeleted() throws Exception {
    host.up().output();
    Path inner = Files.createDirectory(host.merged("c1").resolve("inner"));
    assertThat(inner).exists();
    Path below = host.root().resolve("c1/upper/inner");
    Tool.run(directory, "mount", "-t", "tmpfs", "foreign", below.toString());
    Files.writeString(below.resolve("precious"), "x");
    Daxconv down = host.down("--purge");
    assertThat(down.exit()).isOne();
    assertThat(down.err()).contains("expected nothing mounted in what is to be deleted, found");
    assertThat(below.resolve("precious")).hasContent("x");
    Tool.run(directory, "umount", below.toString());
    host.down("--purge").output();
    host.assertNothingLeft();
  }

  @Test
  void directoriesAndFilesOfOthersStay() throws Exception {
    Files.createDirectories(host.merged("c1"));
    host.up("-n", "2").output();
    Files.writeString(host.root().resolve("notes"), "the user's");
    Path outside = Files.writeString(directory.resolve("outside"), "x");
    Files.createSymbolicLink(host.merged("c2").resolve("link"), outside);
    host.down("--purge").output();
    assertThat(FaultImage.names(host.root())).containsExactlyInAnyOrder("c1", "notes");
    assertThat(host.merged("c1")).isEmptyDirectory();
    assertThat(outside).hasContent("x");
    assertThat(host.ps()).isEmpty();
  }

  @Test
  void afterABootDirectoriesAreRemoved() throws Exception {
    host.up("-n", "2").output();
    Files.writeString(host.merged("c2").resolve("file"), "kept");
    Tool.run(
        directory,
        "umount",
        host.merged("c1").toString(),
        host.merged("c2").toString(),
        host.root().resolve("base").toString());
    boot();
    assertThat(host.planState()).isEqualTo("gone");
    // What a container wrote before the boot is there again.
    host.up("-n", "2").output();
    assertThat(host.merged("c2").resolve("file")).hasContent("kept");
    host.down("--purge").output();
    host.assertNothingLeft();
  }

  @Test
  void mountsOfAnotherBootAreNotItsOwn() throws Exception {
    host.up().output();
    String now = Files.readString(host.journal());
    boot();
    assertThat(host.planState()).isEqualTo("gone");
    Daxconv down = host.down("--purge");
    assertThat(down.exit()).isOne();
    assertThat(down.err()).contains("found mounted on it overlay of \"plan/c1\"");
    assertThat(host.mounted()).hasSize(2);
    Files.writeString(host.journal(), now);
    host.down().output();
    host.assertNothingLeft();
  }

  /** As if the machine had been booted since the journal was written. */
  private void boot() throws IOException {
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    String journal = Files.readString(host.journal());
    assertThat(journal).contains(boot);
    Files.writeString(
        host.journal(), journal.replace(boot, "00000000-0000-4000-8000-000000000000"));
  }
}

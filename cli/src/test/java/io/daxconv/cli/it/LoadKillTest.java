package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code kill -9} leaves of loading into files, and of converting onto a tmpfs: a whole image
 * or none, and nothing that {@code unload} or the next run does not take away.
 */
@RequiresTools(
    value = {"mount", "umount", "env", "strace"},
    root = true,
    filesystems = {"erofs", "tmpfs"})
final class LoadKillTest {
  private static final int TIMED = 2;
  private static final int LAYER_BYTES = 12 << 20;

  @TempDir private static Path shared;
  private static FaultImage image;
  private static Path older = Path.of("");

  @TempDir private Path directory;
  private Path memory = Path.of("");
  private Path mounted = Path.of("");
  private Path home = Path.of("");
  private String state = "";

  @BeforeAll
  static void makeImage() throws IOException {
    image = FaultImage.gzipped(shared, LAYER_BYTES);
    older = shared.resolve("older.daxfs");
    Daxconv.run(shared, "convert", "-q", "oci:../examples/hello-image", "-o", older + "").output();
  }

  @BeforeEach
  void makeTmpfs() throws Exception {
    memory = Files.createDirectory(directory.resolve("memory"));
    mounted = Files.createDirectory(directory.resolve("mounted"));
    home = directory.resolve("home");
    state = directory.resolve("state").toString();
    Tool.run(directory, "mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", memory.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    while (isMounted()) {
      Tool.run(directory, "umount", mounted.toString());
    }
    Tool.run(directory, "umount", memory.toString());
  }

  private boolean isMounted() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .anyMatch(line -> line.contains(" " + mounted + " "));
  }

  private boolean isBegun(Path in) throws IOException {
    return FaultImage.names(in).stream().anyMatch(name -> name.endsWith(".tmp"));
  }

  /** When a program is killed: after a part of the time that it takes, or when something is so. */
  private void kill(int point, long length, Path file, String... command) throws Exception {
    Path in = file.resolveSibling(".").normalize();
    try (FaultProcess program = FaultProcess.start(home, command)) {
      switch (point - TIMED) {
        case 0 -> program.killWhen(() -> isBegun(in));
        case 1 -> program.killWhen(() -> Files.exists(file));
        case 2 -> program.killWhen(this::isMounted);
        default -> program.killAfter(Duration.ofNanos(length * point / TIMED));
      }
    }
  }

  private long lengthOfARun(String... command) throws Exception {
    long begun = System.nanoTime();
    try (FaultProcess program = FaultProcess.start(home, command)) {
      assertThat(program.exit()).as(program.err()).isZero();
    }
    return System.nanoTime() - begun;
  }

  @ParameterizedTest
  @CsvSource({"tmpfs, unload", "tmpfs, load", "file, unload", "file, load"})
  void loadingLeavesNothingThatIsNotMended(String kind, String mending) throws Exception {
    boolean onTmpfs = kind.equals("tmpfs");
    Path in = onTmpfs ? memory : Files.createDirectory(directory.resolve("in"));
    // Of the image's own name.
    Path file = in.resolve("expected.daxfs");
    String target = onTmpfs ? "tmpfs:" + in : "file:" + file;
    String[] load = {
      "load",
      image.expected().toString(),
      "--to",
      target,
      "--mount",
      mounted.toString(),
      "--state",
      state
    };
    String[] unload = {"unload", target, "--state", state};
    long length = lengthOfARun(load);
    Daxconv.run(home, unload).output();

    List<Boolean> found = new ArrayList<>();
    for (int point = 0; point < TIMED + 3; point++) {
      Files.deleteIfExists(file);
      kill(point, length, file, load);

      found.add(image.isWhole(file));
      if (mending.equals("load")) {
        Daxconv again = Daxconv.run(home, load);
        // If it had just come to its end, it is told so.
        assertThat(again.exit() == 0 || again.err().contains(" loaded there"))
            .as(again.err())
            .isTrue();
        assertThat(image.isWhole(file)).isTrue();
        assertThat(isMounted()).isTrue();
        Daxconv.run(home, unload).output();
      } else {
        Daxconv unloaded = Daxconv.run(home, unload);
        assertThat(unloaded.exit() == 0 || unloaded.err().contains("found no record"))
            .as(unloaded.err())
            .isTrue();
        assertThat(unloaded.exit() == 0 || FaultImage.names(in).isEmpty()).isTrue();
      }
      assertThat(isMounted()).as("point %s", point).isFalse();
      assertThat(FaultImage.names(in))
          .as("point %s", point)
          .allMatch(name -> !onTmpfs && name.equals("expected.daxfs"));
    }
    // Killed at once, and when it was there.
    assertThat(found.getFirst()).isFalse();
    assertThat(found.getLast()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unload", "load"})
  void anOlderFileOfThatNameIsNotTakenForTheNewOne(String mending) throws Exception {
    // Killed when the new file is noted and has not got its name yet.
    Path file = Files.write(memory.resolve("expected.daxfs"), Files.readAllBytes(older));
    Tool.run(directory, "mount", "-t", "erofs", "-o", "ro,loop", file + "", mounted + "");
    String target = "tmpfs:" + memory;
    String[] load = {
      "load", image.expected() + "", "--to", target, "--mount", mounted + "", "--state", state
    };
    List<String> killing =
        List.of(
            "strace",
            "-fqq",
            "-o",
            directory.resolve("trace").toString(),
            "-e",
            // The first two are those of the note.
            "inject=/^rename:error=EIO:signal=KILL:when=3");
    try (FaultProcess program = FaultProcess.startBy(killing, home, load)) {
      assertThat(program.exit()).as(program.err()).isEqualTo(128 + 9);
    }
    assertThat(file).hasSameBinaryContentAs(older);
    assertThat(FaultImage.names(memory)).hasSize(2);
    Path note = Path.of(state, FaultImage.names(Path.of(state)).getFirst());
    assertThat(note).content().contains("\"FILLING\"", "\"identity\"");

    if (mending.equals("load")) {
      Daxconv.run(home, load).output();
      assertThat(image.isWhole(file)).isTrue();
      assertThat(Daxconv.run(home, "unload", target, "--state", state).output())
          .contains("unmounted " + mounted, "deleted " + file);
      assertThat(FaultImage.names(memory)).isEmpty();
    } else {
      assertThat(Daxconv.run(home, "unload", target, "--state", state).output())
          .isEqualTo("kept " + file + ", which is not the file that daxconv put there\n");
      assertThat(file).hasSameBinaryContentAs(older);
      assertThat(FaultImage.names(memory)).containsExactly("expected.daxfs");
    }
    // The user's own.
    assertThat(isMounted()).isTrue();
  }

  @Test
  void aFileThatHasTakenTheNameSinceIsKept() throws Exception {
    String target = "tmpfs:" + memory;
    String[] load = {"load", image.expected().toString(), "--to", target, "--state", state};
    Daxconv.run(home, load).output();
    Path file = memory.resolve("expected.daxfs");
    Files.delete(file);
    Files.copy(image.expected(), file);

    assertThat(Daxconv.run(home, "unload", target, "--state", state).output())
        .startsWith("kept " + file);
    assertThat(image.isWhole(file)).isTrue();
    assertThat(Daxconv.run(home, "unload", target, "--state", state).err())
        .contains("found no record");
  }

  @Test
  void convertingOntoATmpfsLeavesAWholeImageOrNone() throws Exception {
    Path file = memory.resolve("image.daxfs");
    String[] convert = {
      "convert", "-q", image.reference(), "--to", "tmpfs:" + memory, "--state", state
    };
    long length = lengthOfARun(convert);

    for (int point = 0; point < TIMED + 2; point++) {
      Files.deleteIfExists(file);
      kill(point, length, file, convert);

      image.isWhole(file);
      Daxconv.run(home, convert).output();
      assertThat(image.isWhole(file)).isTrue();
      assertThat(FaultImage.names(memory)).containsExactly("image.daxfs");
    }
  }
}

package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mount plans over the EROFS view, run as they are by the kernel that runs the tests. */
@RequiresTools(
    value = {"mount", "umount", "mountpoint", "unshare", "losetup", "python3"},
    root = true,
    filesystems = {"erofs", "overlay", "tmpfs"})
final class ErofsMountPlanTest {
  @TempDir private Path directory;

  private Path work;
  private Path root;

  /** Below a tmpfs of the shell's own mount namespace; $1 the root directory, $2 the script. */
  private static final String SCENARIO =
      """
      set -eux
      mount -t tmpfs tmpfs "$PWD/mnt"
      root=$1
      sh "$2" up
      test "$(stat -c '%a %u:%g %Y' "$root/base")" = '2751 5:6 86400'
      test "$(stat -c '%a %u:%g' "$root/c1/merged")" = '2751 5:6'
      grep -F " $PWD/mnt/" /proc/self/mountinfo | grep ' - erofs ' >mounted
      test "$(wc -l <mounted)" -eq 1
      echo one >"$root/c1/merged/file"
      mv "$root/c1/merged/dir" "$root/c1/merged/renamed"
      rm "$root/c2/merged/file"
      test "$(cat "$root/c1/merged/file")" = one
      test "$(cat "$root/c1/merged/renamed/inside")" = base
      test ! -e "$root/c2/merged/file"
      test "$(cat "$root/c2/merged/dir/inside")" = base
      test "$(cat "$root/base/file")" = base
      if echo x 2>/dev/null >"$root/base/file"; then echo 'base is writable'; exit 1; fi
      sh "$2" down 2>kept
      grep -q 'kept what containers wrote' kept
      if grep -F " $PWD/mnt/" /proc/self/mountinfo; then echo 'still mounted'; exit 1; fi
      sh "$2" up
      test "$(cat "$root/c1/merged/file")" = one
      sh "$2" purge
      test ! -e "$root"
      """;

  @BeforeEach
  void makeDirectories() throws IOException {
    work = Files.createDirectories(directory.resolve("work"));
    root = Files.createDirectories(work.resolve("mnt")).resolve("root");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "a b",
        "a:b,c\\d",
        "a\"b",
        "it's \"$(id)\" `x` :,\\",
        "trailing\\",
        " \t",
        "line\nbreak",
        "-n",
        "#x=y,ro",
        "*?[a]",
        "LABEL=x",
        "caf\u00e9"
      })
  void mountsTheFileItself(String name) throws Exception {
    Path image = image(Files.createDirectory(directory.resolve(name + ".d")).resolve(name));
    root = work.resolve("mnt").resolve(name);
    run(script("--target", "file", image, root));
    try (ErofsMount mount = ErofsMount.of(image, directory.resolve("probe"))) {
      assertThat(Files.readString(work.resolve("mounted")).contains("/dev/loop"))
          .isEqualTo(mount.isLoop());
    }
  }

  @Test
  void takesALoopDeviceWithoutPython() throws Exception {
    Path image = image(directory.resolve("x y,z.daxfs"));
    run("command() { return 1; }\n" + script("--view", "erofs", image, root));
    assertThat(work.resolve("mounted")).content().contains("/dev/loop");
  }

  @Test
  void takesALoopDeviceWhereTheKernelDoesNotTakeFiles() throws Exception {
    Path image = image(directory.resolve("x y.daxfs"));
    String script = script("--view", "erofs", image, root);
    String older = script.replace("result = libc.mount(", "return errno.ENOTBLK\n    libc.mount(");
    assertThat(older).isNotEqualTo(script);
    run(older);
    assertThat(work.resolve("mounted")).content().contains("/dev/loop");
  }

  @Test
  void mountsAPmemDevice() throws Exception {
    // A loop device in its place: it is no memory, so the kernel mounts it without DAX.
    Path image = image(directory.resolve("x.daxfs"));
    String script = script("--target", "pmem:/dev/pmem0", image, root);
    String device = Tool.run(work, "losetup", "--show", "-r", "-f", image.toString()).strip();
    try {
      run(script.replace("device='/dev/pmem0'", "device='" + device + "'"));
      assertThat(work.resolve("mounted")).content().contains(" - erofs " + device + " ro");
      flip(image, 2048);
      assertThat(failure(script.replace("/dev/pmem0'", "/dev/null'")))
          .contains("no pmem device /dev/null here");
    } finally {
      Tool.run(work, "losetup", "-d", device);
    }
    Path other = image(directory.resolve("other.daxfs"));
    flip(other, 1060);
    String loop = Tool.run(work, "losetup", "--show", "-r", "-f", other.toString()).strip();
    try {
      assertThat(failure(script.replace("device='/dev/pmem0'", "device='" + loop + "'")))
          .contains("found another image; dd if=IMAGE of=" + loop + " bs=4M conv=fsync");
    } finally {
      Tool.run(work, "losetup", "-d", loop);
    }
  }

  @Test
  void refusesAFileThatIsNoErofs() throws Exception {
    Path image = image(directory.resolve("x.daxfs"));
    String script = script("--view", "erofs", image, root);
    flip(image, 1024);
    assertThat(failure(script))
        .contains("expected the EROFS magic e2 e1 f5 e0 at byte 1024, found 1d e1 f5 e0");
    assertThat(root).doesNotExist();
  }

  @Test
  void runsTheStepsOfTheJson() throws Exception {
    Path image = image(directory.resolve("a b:c,d'e.daxfs"));
    JsonNode plan =
        new ObjectMapper()
            .readTree(
                daxconv(
                    "mount-spec",
                    image.toString(),
                    "-n",
                    "2",
                    "--format",
                    "json",
                    "--root",
                    work.resolve("mnt/a:b,c").toString()));
    assertThat(plan.get("view").textValue()).isEqualTo("erofs");
    assertThat(plan.get("view_reason").textValue()).isEqualTo("no target in memory is given");
    Tool.run(
        work,
        "unshare",
        "-m",
        "sh",
        "-c",
        "set -eux\nmount -t tmpfs tmpfs \"$PWD/mnt\"\n"
            + steps(plan.get("up"))
            + "echo x >'mnt/a:b,c/c1/merged/file'; test \"$(cat 'mnt/a:b,c/c2/merged/file')\" = base\n"
            + steps(plan.get("down"))
            + "! grep -F \" $PWD/mnt/\" /proc/self/mountinfo\n");
  }

  @Test
  void saysWhatItChose() throws IOException {
    Path image = image(directory.resolve("x.daxfs"));
    Daxconv spec =
        Daxconv.run(
            directory.resolve("home"),
            "mount-spec",
            image.toString(),
            "--target",
            "device-dax:dax0.0");
    assertThat(spec.exit()).isZero();
    if (Files.readString(Path.of("/proc/filesystems")).contains("\tdaxfs\n")) {
      assertThat(spec.err()).isEmpty();
      assertThat(spec.out()).contains("# The image is mounted as DAXFS: the kernel has DAXFS");
    } else {
      assertThat(spec.err())
          .isEqualTo(
              "daxconv: mounted as EROFS: the kernel has no DAXFS, without which"
                  + " device-dax:dax0.0 is of no use\n");
      assertThat(spec.out()).contains("# The image is mounted as EROFS: the kernel has no DAXFS");
    }
  }

  @Test
  void wantsAnErofsView() throws IOException {
    Path image = image(directory.resolve("x.daxfs"), "--no-erofs");
    Daxconv spec =
        Daxconv.run(directory.resolve("home"), "mount-spec", image.toString(), "--view", "erofs");
    assertThat(spec.exit()).isEqualTo(2);
    assertThat(spec.err())
        .isEqualTo(
            "daxconv: base target file: expected an image with an EROFS view, found none; convert"
                + " it again without --no-erofs; see daxconv mount-spec --help\n");
    assertThat(daxconv("mount-spec", image.toString()))
        .contains("# The image is mounted as DAXFS: the image has no EROFS view.\n");
  }

  private Path image(Path file, String... options) throws IOException {
    Path lower = directory.resolve("lower");
    if (Files.notExists(lower)) {
      Files.createDirectories(lower.resolve("dir"));
      Files.writeString(lower.resolve("file"), "base");
      Files.writeString(lower.resolve("dir/inside"), "base");
      try {
        Tool.run(directory, "chown", "5:6", lower.toString());
        Tool.run(directory, "chmod", "2751", lower.toString());
        Tool.run(directory, "touch", "-d", "@86400", lower.toString());
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    String[] argv = new String[options.length + 4];
    System.arraycopy(
        new String[] {"convert", "dir:" + lower, "-o", file.toString()}, 0, argv, 0, 4);
    System.arraycopy(options, 0, argv, 4, options.length);
    daxconv(argv);
    return file;
  }

  private String script(String option, String value, Path image, Path under) throws IOException {
    return daxconv(
        "mount-spec", image.toString(), "-n", "2", option, value, "--root", under.toString());
  }

  /** Runs a script through the scenario, in a mount namespace of its own. */
  private void run(String script) throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("run.sh"), script);
    Tool.run(work, "unshare", "-m", "sh", "-c", SCENARIO, "sh", root.toString(), file.toString());
  }

  private String failure(String script) throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("run.sh"), script);
    Tool.Outcome outcome = Tool.outcome(work, "unshare", "-m", "sh", file.toString());
    assertThat(outcome.exit()).isOne();
    return outcome.output();
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(~old);
    }
  }

  /** The steps as shell; each word is handed on as it is. */
  static String steps(JsonNode steps) {
    StringBuilder shell = new StringBuilder();
    for (JsonNode step : steps) {
      shell.append('(');
      if (step.has("cwd")) {
        shell.append("cd ").append(quote(step.get("cwd").textValue())).append(" && ");
      }
      step.get("argv").forEach(word -> shell.append(quote(word.textValue())).append(' '));
      shell.append(")\n");
    }
    return shell.toString();
  }

  private static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private String daxconv(String... args) throws IOException {
    return Daxconv.run(directory.resolve("home"), args).output();
  }
}

package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The mount script, run for real, with one thing changed: the kernel here has no DAXFS, so that its
 * function {@code mount_base} mounts a directory read-only instead.
 */
@RequiresTools(
    value = {"mount", "umount", "mountpoint", "unshare"},
    root = true,
    filesystems = {"overlay", "tmpfs"})
final class MountScriptTest {
  private static final String CALL = "\nmain \"$@\"\n";

  @TempDir private Path directory;

  private Path lower;
  private Path image;

  @BeforeEach
  void makeImage() throws Exception {
    lower = Files.createDirectories(directory.resolve("lower"));
    Files.createDirectory(lower.resolve("dir"));
    Files.writeString(lower.resolve("file"), "base");
    Files.writeString(lower.resolve("dir/inside"), "base");
    Tool.run(directory, "chown", "5:6", lower.toString());
    Tool.run(directory, "chmod", "2751", lower.toString());
    image = directory.resolve("x.daxfs");
    daxconv("convert", "dir:" + lower, "-o", image.toString());
  }

  /** Everything below a tmpfs of the shell's own mount namespace, of which nothing stays. */
  private static final String SCENARIO =
      """
      set -eu
      mount -t tmpfs tmpfs "$PWD/mnt"
      root=$1
      sh ../run.sh up
      test "$(stat -c '%a %u:%g' "$root/c1/merged")" = '2751 5:6'
      test "$(stat -c %a "$root")" = 700
      if sh ../run.sh up 2>twice; then echo 'up twice'; exit 1; fi
      grep -q 'already mounted' twice
      echo one >"$root/c1/merged/file"
      mv "$root/c1/merged/dir" "$root/c1/merged/renamed"
      rm "$root/c2/merged/file"
      test "$(cat "$root/c1/merged/file")" = one
      test "$(cat "$root/c1/merged/renamed/inside")" = base
      test ! -e "$root/c2/merged/file"
      test "$(cat "$root/c3/merged/file")" = base
      test "$(cat "$root/c3/merged/dir/inside")" = base
      test "$(cat ../lower/file)" = base
      if echo x 2>/dev/null >"$root/base/file"; then echo 'base is writable'; exit 1; fi
      sh ../run.sh down 2>kept
      grep -q 'kept what containers wrote' kept
      test "$(grep -c overlay /proc/self/mounts || :)" -eq "$2"
      test ! -e "$root/c3"
      test "$(cat "$root/c1/upper/file")" = one
      sh ../run.sh up
      test "$(cat "$root/c1/merged/file")" = one
      sh ../run.sh purge
      test ! -e "$root"
      sh ../run.sh down
      mkdir "$root"
      touch "$root/mine"
      sh ../run.sh up
      sh ../run.sh purge
      test "$(ls -A "$root")" = mine
      rm "$root/mine"
      sed 's/^  mount -t overlay/  test "$1" != c3 \\&\\& mount -t overlay/' ../run.sh >broken.sh
      if sh broken.sh; then echo 'up without c3'; exit 1; fi
      test "$(grep -c overlay /proc/self/mounts || :)" -eq "$2"
      test -z "$(ls -A "$root")"
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "a b",
        "a:b",
        "a,b",
        "a\\b",
        "a\\:b\\,c\\\\d",
        "a\"b",
        "it's \"$(id)\" `x` :,\\",
        "trailing\\",
        " \t",
        "line\nbreak",
        "-n",
        "#x=y,ro",
        "*?[a]",
        "caf\u00e9"
      })
  void sharesTheBase(String name) throws Exception {
    Path root = Files.createDirectories(directory.resolve("work/mnt")).resolve(name);
    String script =
        daxconv(
            "mount-spec",
            image.toString(),
            "--containers",
            "3",
            "--target",
            "phys:0x100000000:0x40000000",
            "--view",
            "daxfs",
            "--root",
            root.toString());
    assertThat(script).endsWith(CALL);
    Files.writeString(
        directory.resolve("run.sh"),
        script.substring(0, script.length() - CALL.length())
            + "\nmount_base() { mount --bind -o ro '%s' base && mount -o remount,bind,ro base; }\n"
                .formatted(lower)
            + CALL);
    long overlays =
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .filter(line -> line.contains("overlay"))
            .count();
    Tool.run(
        directory.resolve("work"),
        "unshare",
        "-m",
        "sh",
        "-c",
        SCENARIO,
        "sh",
        root.toString(),
        Long.toString(overlays));
  }

  private String daxconv(String... args) throws IOException {
    return Daxconv.run(directory.resolve("home"), args).output();
  }
}

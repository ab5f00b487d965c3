package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What mount plans are told to do, done by the kernel: as a script, and by the steps of the JSON.
 */
@RequiresTools(
    value = {"mount", "umount", "mountpoint", "unshare", "python3", "env", "getfattr"},
    root = true,
    filesystems = {"erofs", "overlay", "tmpfs"})
final class MountOptionsTest {
  /** Below {@code mnt}, a tmpfs; $1 what all containers must show in /proc/mounts. */
  private static final String WRITES =
      """
      for name in web db; do
        test "$(cat "$M/$name$S/dir/inside")" = base
        grep -q "/$name$T [^ ]* [^ ]*$1" /proc/mounts
      done
      echo new >"$M/web$S/file"
      mv "$M/web$S/dir" "$M/web$S/renamed"
      chmod 600 "$M/web$S/renamed/inside"
      rm "$M/db$S/file"
      test "$(cat "$M/web$S/file")" = new
      test ! -e "$M/db$S/file"
      test "$(cat "$M/db$S/dir/inside")" = base
      """;

  private static final String READS =
      """
      for name in web db; do
        test "$(cat "$M/$name$S/dir/inside")" = base
        if echo x 2>/dev/null >"$M/$name$S/file"; then echo writable; exit 1; fi
      done
      """;

  private static final String NOTHING =
      "if grep -F \" $PWD/mnt/\" /proc/self/mountinfo; then echo 'still mounted'; exit 1; fi\n";

  @TempDir private Path directory;

  private Path work;
  private Path image;

  @BeforeEach
  void makeImage() throws IOException {
    work = Files.createDirectories(directory.resolve("work"));
    Files.createDirectories(work.resolve("mnt"));
    Path lower = directory.resolve("lower");
    Files.createDirectories(lower.resolve("dir"));
    Files.writeString(lower.resolve("file"), "base");
    Files.writeString(lower.resolve("dir/inside"), "base");
    image = directory.resolve("x y.daxfs");
    daxconv("convert", "dir:" + lower, "-o", image.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          writes | xino=on     | --xino on
          writes | xino=on     | --base mnt/the:base,b
          writes | uppers/     | --upper mnt/the:uppers,u
          writes | xino=on     | --merged mnt/the:merged,m
          writes | uppers/     | --base mnt/b --upper mnt/u --merged mnt/m
          writes | tmpfs       | --upper tmpfs
          writes | tmpfs       | --upper tmpfs:1m --merged mnt/m
          reads  | ro          | --upper none
          reads  | ro          | --upper none --base mnt/b --merged mnt/m
          writes | volatile    | --volatile
          writes | metacopy=on | --metacopy
          writes | userxattr   | --userxattr
          """)
  void doesAsItIsTold(String what, String shows, String options) throws Exception {
    boolean below = !options.contains("--merged");
    String merged = below ? "root:r" : options.contains("the:") ? "the:merged,m" : "m";
    String checks =
        "M=$PWD/mnt/%s S=%s T=%s\n"
                .formatted(merged, below ? "/merged" : "", below ? "/merged" : "")
            + (what.equals("reads") ? READS : WRITES);
    List<String> spec = new ArrayList<>(List.of("mount-spec", image.toString()));
    spec.addAll(List.of("--names", "web,db", "--root", work.resolve("mnt/root:r").toString()));
    for (String option : options.split(" ", -1)) {
      spec.add(option.startsWith("mnt/") ? work.resolve(option).toString() : option);
    }
    Path script = Files.writeString(directory.resolve("run.sh"), daxconv(spec));
    spec.addAll(List.of("--format", "json"));
    JsonNode plan = new ObjectMapper().readTree(daxconv(spec));
    unshare(
        "sh '%s' up\n".formatted(script)
            + checks
            + "if sh '%s' up; then echo twice; exit 1; fi\n".formatted(script)
            + "sh '%s' down\n".formatted(script)
            + NOTHING
            + "sh '%s' purge\n".formatted(script)
            + "test -z \"$(ls -A mnt)\"\n",
        shows);
    unshare(
        ErofsMountPlanTest.steps(plan.get("up"))
            + checks
            + ErofsMountPlanTest.steps(plan.get("down"))
            + NOTHING,
        shows);
  }

  /**
   * What the page on mount plans says of it: the kernel mounts no EROFS there, so the base is a
   * directory, or an image that was mounted outside.
   */
  @ParameterizedTest
  @ValueSource(strings = {"extract", "mount"})
  void overlaysAreMountedInAUserNamespace(String how) throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    if (how.equals("mount")) {
      daxconv("mount", image.toString(), tree.toString());
    } else {
      daxconv("extract", image.toString(), "-o", tree.toString());
    }
    try {
      overlaysAreMountedInAUserNamespace(tree);
    } finally {
      if (how.equals("mount")) {
        daxconv("umount", tree.toString());
      }
    }
  }

  private void overlaysAreMountedInAUserNamespace(Path tree)
      throws IOException, InterruptedException {
    Path root = work.resolve("mnt/root");
    String script =
        daxconv(
            "mount-spec",
            image.toString(),
            "--userxattr",
            "--view",
            "erofs",
            "--names",
            "web,db",
            "--root",
            root.toString());
    String main = "main \"$@\"\n";
    assertThat(script).endsWith("\n" + main);
    String base = "mount_base() {\n  mount --bind \"$tree\" base\n}\n";
    Files.writeString(
        directory.resolve("run.sh"),
        script.substring(0, script.length() - main.length()) + base + main);
    String all =
        """
        set -eux
        mount -t tmpfs tmpfs "$PWD/mnt"
        export tree
        sh "$script" up
        M=$PWD/mnt/root S=/merged T=/merged
        """
            + WRITES
            + """
            # Whiteouts and opaque directories without trusted.overlay., which takes host's root.
            rm -r "$M/db/merged/dir"
            mkdir "$M/db/merged/dir"
            test -z "$(ls -A "$M/db/merged/dir")"
            test "$(getfattr --only-values -n user.overlay.opaque "$M/db/upper/dir")" = y
            test "$(cat "$tree/file" "$tree/dir/inside")" = basebase
            sh "$script" purge
            """
            + NOTHING
            + "test -z \"$(ls -A mnt)\"\n";
    Tool.Outcome outcome =
        Tool.outcome(
            work,
            "env",
            "tree=" + tree,
            "script=" + directory.resolve("run.sh"),
            "unshare",
            "-U",
            "-r",
            "-m",
            "sh",
            "-c",
            all,
            "sh",
            "userxattr");
    assertThat(outcome.exit()).as(outcome.output()).isZero();
  }

  private void unshare(String script, String shows) throws IOException, InterruptedException {
    String all = "set -eux\nmount -t tmpfs tmpfs \"$PWD/mnt\"\n" + script;
    assertThat(Tool.outcome(work, "unshare", "-m", "sh", "-c", all, "sh", shows))
        .satisfies(outcome -> assertThat(outcome.exit()).as(outcome.output()).isZero());
  }

  private String daxconv(String... args) throws IOException {
    return Daxconv.run(directory.resolve("home"), args).output();
  }

  private String daxconv(List<String> args) throws IOException {
    return daxconv(args.toArray(String[]::new));
  }
}

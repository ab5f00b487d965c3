package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.MountFormat;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.running.StateDirectory;
import io.daxconv.converter.running.Up;
import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers of one of several images of a file see its tree and nothing of the others. */
@RequiresTools(
    value = {"mount", "umount", "mountpoint", "unshare"},
    root = true,
    filesystems = {"erofs", "overlay", "tmpfs"})
final class PackedPlanTest {
  @TempDir private Path directory;
  private UpHost host;

  @BeforeEach
  void pack() throws Exception {
    host = new UpHost(directory.toRealPath());
    for (String name : new String[] {"one", "two"}) {
      Path tree = Files.createDirectories(host.directory().resolve("trees").resolve(name));
      Files.createDirectory(tree.resolve("dir-" + name));
      Files.writeString(tree.resolve("dir-" + name).resolve("inside"), "same");
      Files.writeString(tree.resolve("file"), "of " + name);
    }
    Path trees = host.directory().resolve("trees");
    Tool.run(trees, "sh", "-c", "chown -R 5:6 one && chmod 2751 one && chmod 700 two");
    String image = host.image().toString();
    host.run("pack", "-q", "dir:" + trees + "/one", "dir:" + trees + "/two", "-o", image).output();
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    host.unmountAll();
  }

  @Test
  void upGivesContainersOneImage() throws Exception {
    String state = host.state().toString();
    host.up("--image", "one", "-n", "2").output();
    Path other = host.directory().resolve("other");
    Daxconv second =
        host.run(
            "up",
            host.image().toString(),
            "--image",
            "two",
            "--root",
            other.toString(),
            "--state",
            state);
    assertThat(second.output()).contains(": 1 container up as image-two\n");

    Path merged = host.merged("c1");
    assertThat(FaultImage.names(merged)).containsExactlyInAnyOrder("dir-one", "file");
    assertThat(merged.resolve("file")).hasContent("of one");
    assertThat(Tool.run(merged, "stat", "-c", "%a %u:%g", ".")).isEqualTo("2751 5:6\n");
    Files.move(merged.resolve("dir-one"), merged.resolve("moved"));
    assertThat(merged.resolve("moved/inside")).hasContent("same");
    assertThat(FaultImage.names(host.merged("c2"))).containsExactlyInAnyOrder("dir-one", "file");
    assertThat(FaultImage.names(other.resolve("c1/merged")))
        .containsExactlyInAnyOrder("dir-two", "file");
    assertThat(host.mounted()).hasSize(2 + 3);

    host.run("down", "image-two", "--purge", "--state", state).output();
    assertThat(other).doesNotExist();
    host.down("--purge").output();
    host.assertNothingLeft();
  }

  @Test
  void mountShowsTheWholeFile() throws Exception {
    Path place = Files.createDirectory(host.directory().resolve("place"));
    host.run("mount", host.image().toString(), place.toString()).output();
    assertThat(FaultImage.names(place)).containsExactlyInAnyOrder("one", "two");
    assertThat(place.resolve("two/file")).hasContent("of two");
    host.run("umount", place.toString()).output();
    assertThat(host.mounted()).isEmpty();

    Daxconv up = host.up();
    assertThat(up.exit()).isEqualTo(2);
    assertThat(up.err()).contains("expected --image NAME, one of \"one\", \"two\", found none");
    assertThat(host.root()).doesNotExist();
  }

  @Test
  void oneImageCanBeReadOnlyOrMapped() throws Exception {
    host.up("--image", "two", "--upper", "none").output();
    assertThat(FaultImage.names(host.merged("c1"))).containsExactlyInAnyOrder("dir-two", "file");
    assertThat(host.mounted()).allMatch(line -> line.contains(" ro,"));
    host.down().output();
    host.assertNothingLeft();

    host.up("--image", "one", "--id-map", "0:100000:65536").output();
    Path file = host.merged("c1").resolve("file");
    assertThat(FaultImage.names(host.merged("c1"))).containsExactlyInAnyOrder("dir-one", "file");
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(100_005);
    host.down("--purge").output();
    host.assertNothingLeft();
  }

  @Test
  void theScriptGivesContainersOneImage() throws Exception {
    Path script = host.directory().resolve("run.sh");
    for (String upper : new String[] {host.root().toString(), "none", "tmpfs"}) {
      Daxconv spec =
          host.run(
              "mount-spec",
              host.image().toString(),
              "--image",
              "one",
              "--view",
              "erofs",
              "--upper",
              upper,
              "--root",
              host.root().toString());
      Files.writeString(script, spec.output());
      Tool.run(
          host.directory(),
          "unshare",
          "-m",
          "sh",
          "-euc",
          """
          sh run.sh up
          cd root/c1/merged
          test "$(echo *)" = 'dir-one file'
          test "$(cat file dir-one/inside)" = 'of onesame'
          test "$(stat -c '%a %u:%g' .)" = '2751 5:6'
          if echo new 2>/dev/null >file; then test "$1" != none; else test "$1" = none; fi
          cd ../../..
          test "$(cat root/base/one/file)" = 'of one'
          sh run.sh purge
          ! grep -F " $PWD/root" /proc/self/mounts
          test ! -e root
          """,
          "sh",
          upper);
    }
  }

  /** The view that is mounted could have a symlink where the other has a directory. */
  @Test
  void aSymlinkDoesNotLeadOut() throws Exception {
    Path tree = Files.createDirectory(host.directory().resolve("tree"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("/"));
    host.run("convert", "-q", "dir:" + tree, "-o", host.image().toString()).output();
    MountPlan plan =
        MountPlan.of(
                UpHost.PLAN,
                host.image(),
                Files.size(host.image()),
                4096,
                new BaseTarget.ImageFile(),
                host.root(),
                1)
            .withPackedImage("link");
    assertThatThrownBy(() -> Up.run(plan, new StateDirectory(host.state())))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageEndingWith("/link: expected the directory of an image, found none");
    host.assertNothingLeft();

    Files.writeString(host.directory().resolve("run.sh"), MountFormat.SHELL.render(plan));
    Tool.Outcome up =
        Tool.outcome(
            host.directory(),
            "unshare",
            "-m",
            "sh",
            "-c",
            "sh run.sh; code=$?; grep -F \" $PWD/root\" /proc/self/mounts; exit $code");
    assertThat(up.exit()).isOne();
    assertThat(up.output())
        .isEqualTo(
            "daxconv mount: "
                + host.root()
                + "/base/link: expected the directory of an image, found none; make the mount plan"
                + " again\n");
    assertThat(host.root()).doesNotExist();
  }
}

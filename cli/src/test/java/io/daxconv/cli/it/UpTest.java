package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans carried out, used and undone, by the kernel that runs the tests. */
@RequiresTools(
    value = {"mount", "umount", "setpriv", "unshare"},
    root = true,
    filesystems = {"erofs", "overlay", "tmpfs"})
final class UpTest {
  private static final int MANY = 50;

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

  @Test
  void manyContainersShareABaseAndNothingElse() throws IOException {
    byte[] before = Files.readAllBytes(host.image());
    host.up("-n", Integer.toString(MANY)).output();

    assertThat(host.mounted()).hasSize(1 + MANY);
    for (int i = 1; i <= MANY; i++) {
      Path merged = host.merged("c" + i);
      Files.writeString(merged.resolve("file"), "of " + i);
      Files.move(merged.resolve("dir"), merged.resolve("moved" + i));
    }
    for (int i = 1; i <= MANY; i++) {
      Path merged = host.merged("c" + i);
      assertThat(merged.resolve("file")).hasContent("of " + i);
      assertThat(FaultImage.names(merged)).containsExactlyInAnyOrder("file", "id", "moved" + i);
    }
    assertThat(host.root().resolve("base/file")).hasContent("base");
    assertThat(host.planState()).isEqualTo("up");
    assertThat(host.ps().get(0).get("containers")).hasSize(MANY);

    Daxconv down = host.down();
    assertThat(down.output()).isEmpty();
    assertThat(down.err())
        .contains("daxconv: kept what containers have written: ", " and 49 more; daxconv down");
    assertThat(host.mounted()).isEmpty();
    assertThat(host.planState()).isEqualTo("kept");

    host.up("-n", Integer.toString(MANY)).output();
    assertThat(host.merged("c7").resolve("file")).hasContent("of 7");
    assertThat(host.down("--purge").err()).isEmpty();
    host.assertNothingLeft();
    assertThat(Files.readAllBytes(host.image())).isEqualTo(before);
  }

  @Test
  void theRootFilesystemIsLikeTheBases() throws Exception {
    host.up("--names", "web").output();
    Path merged = host.merged("web");
    assertThat(Tool.run(merged, "stat", "-c", "%a %u:%g", ".")).isEqualTo("2751 5:6\n");
    // The base's own nosuid is the host's protection; containers have sudo and the like.
    assertThat(setUserId(merged)).isEqualTo("0\n");
    assertThat(setUserId(host.root().resolve("base"))).isEqualTo("1000\n");
    host.down().output();
    host.assertNothingLeft();
  }

  private static String setUserId(Path in) throws IOException, InterruptedException {
    return Tool.run(in, "setpriv", "--reuid=1000", "--clear-groups", "./id", "-u");
  }

  @Test
  void idsAreMapped() throws Exception {
    host.up("--id-map", "0:100000:65536", "-n", "2").output();
    Path merged = host.merged("c1");
    assertThat(owner(merged.resolve("file"))).isEqualTo("100005:100006");
    assertThat(owner(merged)).isEqualTo("100005:100006");
    Tool.run(
        merged,
        "setpriv",
        "--reuid=100005",
        "--regid=100006",
        "--clear-groups",
        "sh",
        "-c",
        "echo new >written");
    Tool.run(merged, "chmod", "600", "dir/inside");
    assertThat(owner(host.root().resolve("c1/upper/written"))).isEqualTo("100005:100006");
    assertThat(owner(merged.resolve("dir/inside"))).isEqualTo("100005:100006");
    assertThat(owner(host.merged("c2").resolve("dir/inside"))).isEqualTo("100005:100006");
    assertThat(owner(host.root().resolve("base/file"))).isEqualTo("5:6");
    host.down("--purge").output();
    host.assertNothingLeft();
  }

  private static String owner(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid") + ":" + Files.getAttribute(path, "unix:gid");
  }

  @Test
  void uppersCanBeATmpfsOrNone() throws IOException {
    host.up("--upper", "tmpfs:1m", "--volatile", "--metacopy").output();
    Files.writeString(host.merged("c1").resolve("file"), "new");
    assertThat(host.ps().get(0).get("containers").get(0).get("upper_bytes").intValue())
        .isEqualTo(3);
    assertThat(host.down().err()).isEmpty();
    host.assertNothingLeft();

    host.up("--upper", "none").output();
    assertThat(host.merged("c1").resolve("file")).hasContent("base");
    assertThat(host.mounted()).allMatch(line -> line.contains(" ro,"));
    assertThat(host.down().err()).isEmpty();
    host.assertNothingLeft();
  }

  /** Its comma parts nothing: the kernel gets options one by one. */
  @Test
  void aContextTakesSelinux() throws IOException {
    String context = "system_u:object_r:container_file_t:s0:c1,c2";
    Daxconv up = host.up("--selinux-context", context);
    if (Files.exists(Path.of("/sys/fs/selinux/enforce"))) {
      assertThat(up.exit()).as(up.err()).isZero();
      assertThat(host.mounted()).anyMatch(line -> line.contains(context));
      host.down("--purge").output();
    } else {
      assertThat(up.exit()).isOne();
      assertThat(up.err())
          .startsWith(
              "daxconv: overlay option context=\"" + context + "\": EINVAL, invalid argument; ")
          .endsWith("; a context takes a kernel with SELinux, which has /sys/fs/selinux\n");
    }
    host.assertNothingLeft();
  }

  @Test
  void isTakenBackIfSomethingFails() throws Exception {
    Path taken = Files.createDirectories(host.merged("c2"));
    Tool.run(directory, "mount", "-t", "tmpfs", "foreign", taken.toString());
    Daxconv up = host.up("-n", "3");
    assertThat(up.exit()).isOne();
    assertThat(up.err())
        .contains(
            "/c2/merged\": expected a directory with nothing mounted on it, found tmpfs of"
                + " \"foreign\"");
    assertThat(host.mounted()).singleElement().asString().contains(" - tmpfs foreign ");
    assertThat(FaultImage.names(host.root())).containsExactly("c2");
    assertThat(host.ps()).isEmpty();
    Tool.run(directory, "umount", taken.toString());
  }

  @Test
  void oneOfTwoAtOnceIsUp() throws Exception {
    try (FaultProcess one = FaultProcess.start(directory.resolve("home1"), host.upCommand());
        FaultProcess other = FaultProcess.start(directory.resolve("home2"), host.upCommand())) {
      assertThat(List.of(one.exit(), other.exit())).containsExactlyInAnyOrder(0, 1);
      assertThat(one.err() + other.err())
          .contains("plan: expected a plan of that name to be down, found it up;");
    }
    assertThat(host.mounted()).hasSize(2);
    host.down().output();
    host.assertNothingLeft();
  }

  @Test
  void saysWhoKeepsIt() throws Exception {
    host.up().output();
    Process user = new ProcessBuilder("sleep", "60").directory(host.merged("c1").toFile()).start();
    try {
      Daxconv down = host.down();
      assertThat(down.exit()).isOne();
      assertThat(down.err())
          .contains("EBUSY, device or resource busy; used by process " + user.pid() + " ");
      assertThat(host.planState()).isEqualTo("up");
    } finally {
      user.destroyForcibly().waitFor();
    }
    host.down().output();
    host.assertNothingLeft();
  }

  @Test
  void isSeenFromOtherMountNamespacesAndLeftAloneThere() throws Exception {
    host.up().output();
    String[] ps = {"ps", "--state", host.state().toString()};
    Tool.Outcome seen = host.by(List.of("unshare", "-m"), ps);
    assertThat(seen.output()).contains("plan  elsewhere  0 bytes  ");
    Tool.Outcome down =
        host.by(List.of("unshare", "-m"), "down", UpHost.PLAN, "--state", host.state().toString());
    assertThat(down.exit()).isOne();
    assertThat(down.output()).contains("expected the mount namespace mnt:[");
    assertThat(host.planState()).isEqualTo("up");
    host.down().output();
    host.assertNothingLeft();
  }

  @Test
  void saysThatItNeedsRoot() throws Exception {
    Tool.Outcome without =
        host.by(List.of("setpriv", "--bounding-set=-sys_admin"), host.upCommand());
    assertThat(without.exit()).isOne();
    assertThat(without.output())
        .isEqualTo(
            "daxconv: mounting: expected root (CAP_SYS_ADMIN), found user 0 without; a user"
                + " namespace does not help, for the kernel mounts EROFS and DAXFS outside of them"
                + " only\n");
    Tool.Outcome inside = host.by(List.of("unshare", "-U", "-r", "-m"), host.upCommand());
    assertThat(inside.exit()).isOne();
    assertThat(inside.output())
        .isEqualTo(
            "daxconv: mounting: expected root outside of user namespaces, found one inside (ids 0"
                + " 0 1), where the kernel mounts neither EROFS nor DAXFS\n");
    assertThat(host.root()).doesNotExist();
  }

  @Test
  void saysWhatItDidAndLists() throws IOException {
    Daxconv up = host.up("--names", "web,db");
    String root = host.root().toString();
    assertThat(up.output())
        .isEqualTo(
            """
            %s: 2 containers up as plan
              base       %s/base
              web        %s/web/merged
              db         %s/db/merged
              next       daxconv ps; daxconv down plan
            """
                .formatted(host.image(), root, root, root));
    Files.writeString(host.merged("db").resolve("new"), "x".repeat(2048));
    assertThat(host.run("ps", "--state", host.state().toString()).output())
        .isEqualTo(
            """
            NAME   STATE  WRITTEN  IMAGE, ROOT FILESYSTEM
            plan   up     2.0 KiB  %s
              web  up     0 bytes  %s/web/merged
              db   up     2.0 KiB  %s/db/merged
            """
                .formatted(host.image(), root, root));
    JsonNode plan = Objects.requireNonNull(host.ps().get(0));
    assertThat(plan.get("image").textValue()).isEqualTo(host.image().toString());
    assertThat(plan.get("target").textValue()).isEqualTo("file");
    assertThat(plan.get("base_state").textValue()).isEqualTo("up");
    assertThat(plan.get("containers").get(1).get("upper").textValue())
        .isEqualTo(root + "/db/upper");
    String[] byFile = {"down", host.image().toString(), "--purge", "--state", ""};
    byFile[byFile.length - 1] = host.state().toString();
    assertThat(host.run(Arrays.copyOf(byFile, byFile.length)).output()).isEmpty();
    host.assertNothingLeft();
    assertThat(host.down().err())
        .contains("\"plan\": expected a plan's name, or the file of one plan, found none in ");
  }
}

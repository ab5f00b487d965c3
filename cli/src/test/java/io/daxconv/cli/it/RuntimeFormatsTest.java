package io.daxconv.cli.it;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mount plans as the runtimes' own tools take them, run by these tools: each container writes,
 * deletes and renames, the next one sees nothing of it, and the image is as it was.
 */
@RequiresTools(
    value = {
      "busybox",
      "containerd",
      "ctr",
      "losetup",
      "mount",
      "mountpoint",
      "podman",
      "python3",
      "runc",
      "umoci",
      "umount",
      "unshare"
    },
    root = true,
    filesystems = {"erofs", "overlay", "tmpfs"})
final class RuntimeFormatsTest {
  private static final String ARGUMENTS = "; a b $PORT 5%";

  @TempDir private static Path made;

  private static ContainerImage image = new ContainerImage(Path.of(""));
  private static String sums = "";

  @TempDir private Path directory;

  @BeforeAll
  static void makeImages() throws Exception {
    image = ContainerImage.make(made.resolve("image"));
    sums = sums();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
    assertThat(Tool.run(directory, "losetup", "-a")).doesNotContain(made.toString());
    assertThat(sums()).isEqualTo(sums);
  }

  private static String sums() throws Exception {
    return Tool.run(made, "sha256sum", image.root().toString(), image.user().toString());
  }

  @Test
  void runcRunsFiftyBundles() throws Exception {
    Path out = directory.resolve("bundles");
    spec(image.user(), "oci-bundle", "-n", "50", "-o", out.toString());
    String printed =
        unshared(
            """
            sh bundles/mount.sh
            number=1
            while [ "$number" -le 50 ]; do
              runc --root "$PWD/runc" run -b "bundles/c$number" "%s-c$number" >"out.$number" 2>&1 &
              if [ $((number %% 10)) -eq 0 ]; then wait; fi
              number=$((number + 1))
            done
            wait
            cat out.*
            test "$(cat root/c50/merged/data/file)" = new
            sh bundles/mount.sh purge
            test ! -e root
            """
                .formatted(directory.getFileName()));
    assertThat(printed.lines().sorted().toList())
        .isEqualTo(repeated(50, ContainerImage.process() + ARGUMENTS).sorted().toList());
  }

  @Test
  void runcRunsReadOnlyBundles() throws Exception {
    Path out = directory.resolve("bundles");
    spec(image.root(), "oci-bundle", "--upper", "none", "-o", out.toString());
    assertThat(
            unshared(
                """
                sh bundles/mount.sh
                runc --root "$PWD/runc" run -b bundles/c1 "%s-ro" 2>&1 || :
                sh bundles/mount.sh purge
                """
                    .formatted(directory.getFileName())))
        .contains("before: " + ContainerImage.PRISTINE)
        .contains("can't create file: Read-only file system");
  }

  @Test
  void podmanRuns() throws Exception {
    Files.writeString(
        directory.resolve("run.sh"), spec(image.user(), "podman", "-n", "2", "--name", "x"));
    String printed =
        unshared(
            podman()
                + """
                sh run.sh up
                $PODMAN wait x-c1 x-c2 >/dev/null
                $PODMAN logs x-c1 2>&1
                $PODMAN logs x-c2 2>&1
                test "$($PODMAN inspect --format '{{.Config.StopSignal}}' x-c1)" = 3
                sh run.sh down
                test -z "$($PODMAN ps -a -q)"
                """);
    assertThat(printed.lines().toList())
        .isEqualTo(repeated(2, ContainerImage.process() + ARGUMENTS).toList());
  }

  @Test
  void podmanRunsWhatQuadletSays() throws Exception {
    Path out = directory.resolve("units");
    spec(image.user(), "quadlet", "--names", "one,two", "--name", "x", "-o", out.toString());
    UnitText base;
    try (Stream<Path> files = Files.list(out)) {
      base =
          UnitText.read(files.filter(f -> f.toString().endsWith(".mount")).findAny().orElseThrow());
    }
    StringBuilder runs = new StringBuilder();
    for (String name : List.of("one", "two")) {
      UnitText unit = UnitText.read(out.resolve("x-" + name + ".container"));
      List<String> words = new ArrayList<>(List.of("--name", unit.value("ContainerName")));
      unit.values("PodmanArgs").forEach(each -> words.addAll(UnitText.words(each)));
      words.addAll(List.of("--rootfs", unit.value("Rootfs")));
      words.addAll(UnitText.words(unit.value("Exec")));
      runs.append("$PODMAN run $PODMAN_RUN ").append(quoted(words)).append(" 2>&1\n");
    }
    String printed =
        unshared(
            podman()
                + "mkdir -p "
                + quoted(List.of(base.value("Where")))
                + "\nmount "
                + quoted(base.mountArguments())
                + "\n"
                + runs
                + """
                $PODMAN rm -f x-one x-two >/dev/null
                umount "$PWD/root/base"
                """);
    assertThat(printed.lines().toList())
        .isEqualTo(repeated(2, ContainerImage.process() + ARGUMENTS).toList());
  }

  @Test
  void containerdRuns() throws Exception {
    Files.writeString(
        directory.resolve("mount.sh"), spec(image.root(), "shell", "-n", "2", "--name", "x"));
    JsonNode json =
        new ObjectMapper().readTree(spec(image.root(), "containerd", "-n", "2", "--name", "x"));
    StringBuilder runs = new StringBuilder();
    for (JsonNode container : json.get("containers")) {
      List<String> argv =
          StreamSupport.stream(container.get("run").spliterator(), false)
              .map(JsonNode::textValue)
              .toList();
      runs.append("ctr --address \"$PWD/containerd.sock\" ")
          .append(quoted(argv.subList(1, argv.size())))
          .append(" 2>&1\n");
    }
    String printed =
        unshared(
            """
            cat >config.toml <<END
            version = 2
            root = "$PWD/containerd"
            state = "$PWD/containerd-state"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.devmapper",
              "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
              "io.containerd.snapshotter.v1.aufs"]
            [grpc]
              address = "$PWD/containerd.sock"
            END
            containerd --config config.toml >containerd.log 2>&1 &
            daemon=$!
            trap 'kill $daemon' EXIT
            for try in $(seq 100); do
              if ctr --address "$PWD/containerd.sock" version >/dev/null 2>&1; then break; fi
              sleep 0.1
            done
            sh mount.sh
            """
                + runs
                + """
                sh mount.sh purge
                trap - EXIT
                kill $daemon
                wait $daemon || :
                """);
    String process = "0:0 0 /srv/a b " + ContainerImage.TEXT + ARGUMENTS;
    assertThat(printed.lines().toList()).isEqualTo(repeated(2, process).toList());
  }

  /** What containers print, one after the other. */
  private static Stream<String> repeated(int containers, String process) {
    return IntStream.range(0, containers)
        .boxed()
        .flatMap(
            _ ->
                Stream.of(
                    "process: " + process,
                    "before: " + ContainerImage.PRISTINE,
                    "after: " + ContainerImage.WRITTEN));
  }

  /** Podman with storage of the test's own, and limits that any root can set. */
  private String podman() throws IOException {
    Files.writeString(
        directory.resolve("containers.conf"),
        """
        [containers]
        default_ulimits = ["nofile=1024:4096", "nproc=1024:1024"]
        log_driver = "k8s-file"
        [engine]
        cgroup_manager = "cgroupfs"
        events_logger = "none"
        runtime = "runc"
        """);
    return """
        export CONTAINERS_CONF="$PWD/containers.conf"
        export PODMAN="podman --root $PWD/storage --runroot $PWD/run --tmpdir $PWD/tmp"
        export PODMAN_RUN='--network none'
        """;
  }

  private String spec(Path file, String format, String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("mount-spec", file.toString()));
    args.addAll(List.of("--root", directory.resolve("root").toString(), "--format", format));
    args.addAll(List.of(options));
    return Daxconv.run(directory.resolve("home"), args.toArray(String[]::new)).output();
  }

  /** What a script prints that runs in a mount namespace of its own. */
  private String unshared(String script) throws IOException, InterruptedException {
    return Tool.run(directory, "unshare", "-m", "sh", "-c", "set -eu\n" + script);
  }

  private static String quoted(List<String> words) {
    return words.stream().map(word -> "'" + word.replace("'", "'\\''") + "'").collect(joining(" "));
  }
}

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mount plans as the runtimes' own tools take them, run by these tools: each container writes,
 * deletes and renames, the next one sees nothing of it, and the image is as it was.
 */
@RequiresTools(
    value = {
      "busybox",
      "containerd",
      "crun",
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
  /** crun refuses the layout of both versions of cgroups; the mount namespace is the test's own. */
  private static final String WITHOUT_HYBRID_CGROUPS =
      "umount /sys/fs/cgroup/unified 2>/dev/null || :\n";

  private static final String ARGUMENTS = "; a b $PORT 5%";

  @TempDir private static Path made;

  private static ContainerImage image = new ContainerImage(Path.of(""));
  private static Path pool = Path.of("");
  private static String sums = "";

  @TempDir private Path directory;

  @BeforeAll
  static void makeImages() throws Exception {
    image = ContainerImage.make(made.resolve("image"));
    pool = made.resolve("pool.daxfs");
    Daxconv.run(
            made.resolve("home"),
            "pack",
            "-q",
            "root=oci:" + made.resolve("image/layout") + ":root",
            "user=oci:" + made.resolve("image/layout") + ":user",
            "-o",
            pool.toString())
        .output();
    sums = sums();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
    assertThat(Tool.run(directory, "losetup", "-a")).doesNotContain(made.toString());
    assertThat(sums()).isEqualTo(sums);
  }

  private static String sums() throws Exception {
    return Tool.run(
        made, "sha256sum", image.root().toString(), image.user().toString(), pool.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "runc, user, 50",
    "crun, user, 50",
    "runc, packed user, 2",
    "crun, packed user, 2",
  })
  void runsBundles(String runtime, String base, int containers) throws Exception {
    Path out = directory.resolve("bundles");
    spec(base, "oci-bundle", "-n", Integer.toString(containers), "-o", out.toString());
    String printed =
        unshared(
            WITHOUT_HYBRID_CGROUPS
                + """
                sh bundles/mount.sh
                number=1
                while [ "$number" -le %1$d ]; do
                  %2$s --root "$PWD/state" run -b "bundles/c$number" "%3$s-c$number" \
                    >"out.$number" 2>&1 &
                  if [ $((number %% 10)) -eq 0 ]; then wait; fi
                  number=$((number + 1))
                done
                wait
                cat out.*
                test "$(cat root/c%1$d/merged/data/file)" = new
                sh bundles/mount.sh purge
                test ! -e root
                """
                    .formatted(containers, runtime, directory.getFileName()));
    assertThat(printed.lines().sorted().toList())
        .isEqualTo(repeated(containers, ContainerImage.process() + ARGUMENTS).sorted().toList());
  }

  @ParameterizedTest
  @CsvSource({"runc, root", "crun, root", "runc, packed root"})
  void runsReadOnlyBundles(String runtime, String base) throws Exception {
    Path out = directory.resolve("bundles");
    spec(base, "oci-bundle", "--upper", "none", "-o", out.toString());
    assertThat(
            unshared(
                WITHOUT_HYBRID_CGROUPS
                    + """
                    sh bundles/mount.sh
                    %s --root "$PWD/state" run -b bundles/c1 "%s-ro" 2>&1 || :
                    sh bundles/mount.sh purge
                    """
                        .formatted(runtime, directory.getFileName())))
        .contains("before: " + ContainerImage.PRISTINE)
        .contains("can't create file: Read-only file system");
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "packed user"})
  void podmanRuns(String base) throws Exception {
    Files.writeString(directory.resolve("run.sh"), spec(base, "podman", "-n", "2", "--name", "x"));
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

  @ParameterizedTest
  @ValueSource(strings = {"user", "packed user"})
  void podmanRunsWhatQuadletSays(String file) throws Exception {
    Path out = directory.resolve("units");
    spec(file, "quadlet", "--names", "one,two", "--name", "x", "-o", out.toString());
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

  @ParameterizedTest
  @ValueSource(strings = {"root", "packed root"})
  void containerdRuns(String base) throws Exception {
    Files.writeString(directory.resolve("mount.sh"), spec(base, "shell", "-n", "2", "--name", "x"));
    JsonNode json = new ObjectMapper().readTree(spec(base, "containerd", "-n", "2", "--name", "x"));
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

  /**
   * A plan.
   *
   * @param base {@code root} or {@code user}, in a file of its own, or {@code packed} with the
   *     other
   */
  private String spec(String base, String format, String... options) throws IOException {
    String name = base.replace("packed ", "");
    Path file = !base.equals(name) ? pool : name.equals("user") ? image.user() : image.root();
    List<String> args = new ArrayList<>(List.of("mount-spec", file.toString()));
    if (file.equals(pool)) {
      args.addAll(List.of("--image", name));
    }
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

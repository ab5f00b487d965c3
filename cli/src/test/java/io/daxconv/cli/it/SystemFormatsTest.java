package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Mount plans for fstab, systemd, Kubernetes and virtual machines, tried with their own tools. */
@RequiresTools(
    value = {
      "findmnt",
      "mount",
      "python3",
      "systemd-analyze",
      "systemd-escape",
      "umount",
      "unshare"
    },
    root = true,
    filesystems = {"erofs", "overlay", "tmpfs"})
final class SystemFormatsTest {
  /** Two containers, whose merged directories are $1 and $2; the image is $3. */
  private static final String ISOLATED =
      """
      echo new >"$1/file"
      rm "$2/file"
      mv "$2/dir" "$2/renamed"
      test "$(cat "$1/file")" = new
      test "$(cat "$1/dir/inside")" = base
      test ! -e "$2/file"
      test "$(cat "$2/renamed/inside")" = base
      test "$(stat -c '%a %u:%g' "$1")" = '750 5:6'
      """;

  @TempDir private Path directory;

  private Path image;
  private Path root;

  @BeforeEach
  void makeImage() throws Exception {
    Path lower = directory.resolve("lower");
    Files.createDirectories(lower.resolve("dir"));
    Files.writeString(lower.resolve("file"), "base");
    Files.writeString(lower.resolve("dir/inside"), "base");
    Tool.run(directory, "chown", "5:6", lower.toString());
    Tool.run(directory, "chmod", "750", lower.toString());
    image = directory.resolve("it's 50% $x #.daxfs");
    daxconv("convert", "dir:" + lower, "-o", image.toString());
    root = directory.resolve("ro-ot $1 %h");
  }

  @Test
  void mountsByFstab() throws Exception {
    Path fstab =
        Files.writeString(
            directory.resolve("fstab"), spec("fstab", "-n", "2", "--root", root.toString()));
    String printed =
        unshared(
            """
            sed -n 's/^#   //p' fstab | sh -eu
            findmnt --verify --tab-file fstab
            mount -a -T fstab
            """
                + ISOLATED
                + "umount \"$1\" \"$2\" \"$base\"\n");
    assertThat(printed).contains("0 parse errors, 0 errors");
    assertThat(fstab).content().contains("\\040");
  }

  @ParameterizedTest
  @ValueSource(strings = {"directory", "tmpfs:1m", "none"})
  void makesUnitsThatSystemdTakes(String upper) throws Exception {
    Path units = directory.resolve("units");
    List<String> options = new ArrayList<>(List.of("-n", "2", "--root", root.toString()));
    if (!upper.equals("directory")) {
      options.addAll(List.of("--upper", upper));
    }
    options.addAll(List.of("-o", units.toString()));
    spec("systemd", options.toArray(String[]::new));
    List<String> verify = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
    StringBuilder mounts = new StringBuilder();
    List<Path> ordered;
    try (Stream<Path> files = Files.list(units)) {
      ordered = files.sorted(SystemFormatsTest::order).toList();
    }
    for (Path file : ordered) {
      verify.add(file.toString());
      UnitText unit = UnitText.read(file);
      if (file.toString().endsWith(".mount")) {
        String name =
            Tool.run(directory, "systemd-escape", "-p", "--suffix=mount", unit.value("Where"));
        assertThat(file.getFileName()).hasToString(name.strip());
        mounts.append("mkdir -p ").append(quoted(List.of(unit.value("Where")))).append('\n');
        mounts.append("mount ").append(quoted(unit.mountArguments())).append('\n');
      }
      for (String command : unit.values("ExecStart")) {
        mounts.append(quoted(UnitText.words(command))).append('\n');
      }
    }
    assertThat(Tool.run(directory, verify.toArray(String[]::new))).isEmpty();
    unshared(mounts + (upper.equals("none") ? "cat \"$1/file\"; ! touch \"$2/x\"\n" : ISOLATED));
  }

  /** The base, then each container's tmpfs, service and overlay, as the units' After= says. */
  private static int order(Path a, Path b) {
    return Integer.compare(rank(a), rank(b));
  }

  private static int rank(Path file) {
    String name = file.toString();
    return name.endsWith("base.mount")
        ? 0
        : name.endsWith("tmpfs.mount")
            ? 1
            : name.endsWith(".service") ? 2 : name.endsWith("merged.mount") ? 3 : 4;
  }

  @Test
  void mountsOnNodesOfKubernetes() throws Exception {
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    List<Object> documents = new ArrayList<>();
    yaml.loadAll(spec("kubernetes", "--root", root.toString())).forEach(documents::add);
    assertFitTogether(documents);
    Object script = at(documents.getFirst(), "data", "mount.sh");
    Files.writeString(directory.resolve("mount.sh"), String.valueOf(script));
    unshared(
        """
        sh -s up <mount.sh
        test "$(cat "$base/file")" = base
        test ! -e "$1"
        sh -s down <mount.sh
        test ! -e "$base"
        """);
  }

  /** What a cluster would say of manifests whose parts do not find each other. */
  private void assertFitTogether(List<Object> documents) {
    assertThat(documents).extracting("kind").containsExactly("ConfigMap", "DaemonSet", "Pod");
    assertThat(documents).extracting("apiVersion").containsExactly("v1", "apps/v1", "v1");
    assertThat(documents)
        .extracting(document -> String.valueOf(at(document, "metadata", "name")))
        // A DNS label, of which labels' values and names of objects may be.
        .allMatch(name -> name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"));
    Object set = documents.get(1);
    assertThat(at(set, "spec", "template", "metadata", "labels"))
        .isEqualTo(at(set, "spec", "selector", "matchLabels"));
    Object pod = at(set, "spec", "template", "spec");
    assertThat(at(pod, "volumes", "0", "configMap", "name"))
        .isEqualTo(at(documents.getFirst(), "metadata", "name"));
    // Without these the mounts would be the pod's and not the node's.
    assertThat(at(pod, "hostPID")).isEqualTo(true);
    assertThat(at(pod, "containers", "0", "securityContext", "privileged")).isEqualTo(true);
    assertThat(at(pod, "containers", "0", "env", "0", "value"))
        .isEqualTo((root + "/base").replace("$", "$$"));
    Object example = at(documents.get(2), "spec");
    assertThat(at(example, "volumes", "0", "hostPath", "path")).isEqualTo(root + "/base");
    for (Object each : List.of(pod, example)) {
      assertThat(at(each, "containers", "0", "volumeMounts", "0", "name"))
          .isEqualTo(at(each, "volumes", "0", "name"));
    }
  }

  /** What stands in maps and lists at a path of keys and numbers. */
  private static Object at(Object from, String... path) {
    Object found = from;
    for (String key : path) {
      found =
          Objects.requireNonNull(
              found instanceof List<?> list
                  ? list.get(Integer.parseInt(key))
                  : ((Map<?, ?>) found).get(key),
              key);
    }
    return found;
  }

  @Test
  void startsGuestsWithTheImageAsTheirDevice() throws Exception {
    Path fake =
        Files.writeString(directory.resolve("fake"), "#!/bin/sh\nprintf '<%s>\\n' \"$@\"\n");
    assertThat(fake.toFile().setExecutable(true)).isTrue();
    Path device = directory.resolve(image.getFileName() + ".pmem");
    for (String format : List.of("qemu", "cloud-hypervisor")) {
      Files.writeString(
          directory.resolve("guest.sh"),
          spec(format, "--names", "one,two", "--root", root.toString()));
      String printed =
          unshared("KERNEL=vmlinuz QEMU=$PWD/fake CLOUD_HYPERVISOR=$PWD/fake sh guest.sh two");
      assertThat(printed)
          .contains(device.toString())
          .contains("root=/dev/pmem0 rootfstype=erofs rootflags=dax=always ro");
      assertThat(Files.size(device)).isEqualTo(2 << 20);
      assertThat(startsWith(device, image)).isTrue();
      assertThat(Tool.outcome(directory, "sh", "guest.sh", "three").output())
          .isEqualTo("daxconv guests: expected the name of a guest, one of: one two\n");
    }
  }

  private static boolean startsWith(Path longer, Path shorter) throws IOException {
    byte[] expected = Files.readAllBytes(shorter);
    byte[] found = new byte[expected.length];
    try (RandomAccessFile file = new RandomAccessFile(longer.toFile(), "r")) {
      file.readFully(found);
    }
    return Arrays.equals(expected, found);
  }

  @Test
  void filesAppearWholeOrNotAtAll() throws IOException {
    Path out = Files.createDirectory(directory.resolve("out"));
    Files.writeString(out.resolve("mine"), "");
    Daxconv spec =
        Daxconv.run(
            directory.resolve("home"),
            "mount-spec",
            image.toString(),
            "--format",
            "systemd",
            "-o",
            out.toString());
    assertThat(spec.exit()).isEqualTo(2);
    assertThat(spec.err())
        .contains("daxconv: output: expected a directory that is new or empty, found \"" + out);
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files).containsExactly(out.resolve("mine"));
    }
    Daxconv many =
        Daxconv.run(
            directory.resolve("home"), "mount-spec", image.toString(), "--format", "quadlet");
    assertThat(many.exit()).isEqualTo(2);
    assertThat(many.err())
        .startsWith("daxconv: format quadlet: expected --output DIR, for it makes several files");
  }

  private String spec(String format, String... options) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("mount-spec", image.toString(), "--format", format));
    args.addAll(List.of(options));
    return daxconv(args.toArray(String[]::new));
  }

  /** Runs a script in a mount namespace of its own; $1 and $2 are the merged directories. */
  private String unshared(String script) throws IOException, InterruptedException {
    return Tool.run(
        directory,
        "unshare",
        "-m",
        "sh",
        "-c",
        "set -eux\nbase=$3\n" + script,
        "sh",
        root.resolve("c1/merged").toString(),
        root.resolve("c2/merged").toString(),
        root.resolve("base").toString());
  }

  private static String quoted(List<String> words) {
    StringBuilder shell = new StringBuilder();
    words.forEach(word -> shell.append('\'').append(word.replace("'", "'\\''")).append("' "));
    return shell.toString();
  }

  private String daxconv(String... args) throws IOException {
    return Daxconv.run(directory.resolve("home"), args).output();
  }
}

package io.daxconv.cli.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.cli.Main;
import io.daxconv.converter.testing.RequiresTools;
import io.daxconv.converter.text.Escapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What reading commands say of an image made from Debian packages, and what its mount shows. */
@RequiresTools(
    value = {
      "umoci",
      "dpkg",
      "setcap",
      "find",
      "stat",
      "getfattr",
      "mount",
      "losetup",
      "tar",
      "bsdtar",
      "blockdev",
      "podman",
      "runc",
      "unshare"
    },
    root = true,
    filesystems = {"erofs", "overlay", "tmpfs"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReadingTest {
  private Path directory;
  private RealImage source;
  private Path image;
  private ErofsMount mount;
  private List<String> mounted;

  @BeforeAll
  void mountConverted(@TempDir(cleanup = CleanupMode.ALWAYS) Path temporary) throws Exception {
    directory = temporary;
    source = RealImage.make(directory.resolve("image"));
    image = directory.resolve("x.daxfs");
    run("convert", source.reference(), "-q", "-o", image.toString());
    mount = ErofsMount.of(image, directory.resolve("mnt"));
    mounted = FullListing.of(mount.directory());
    assertThat(mounted).hasSizeGreaterThan(1000);
  }

  @AfterAll
  void unmount() throws IOException {
    if (mount != null) {
      mount.close();
    }
  }

  @Test
  void findFindsWhatTheMountHas() throws Exception {
    for (String[] test :
        new String[][] {
          {},
          {"-type", "l"},
          {"-type", "f,d", "-perm", "-0111", "-not", "-name", "*.s[oh]*"},
          {"-perm", "/6000", "-o", "-type", "c"},
          {"-name", "caf?", "-o", "-size", "+100k", "-uid", "0"},
          {"(", "-empty", "-o", "-links", "+1", ")", "!", "-type", "d"},
          {"-path", "*/data/*", "-mindepth", "2", "-maxdepth", "3"},
          {"-iname", "CAF*", "-o", "-lname", "*bash*", "-o", "-gid", "+1000"},
          {"-uid", "-1", "-links", "2", "-perm", "-0400"},
          {"-user", "70000", "-o", "-group", "1001"},
          {"-newermt", "@1767225600", "-type", "f,l", "-o", "-size", "3c"},
        }) {
      List<String> argv = new ArrayList<>(List.of("find", image.toString(), "/", "-print0"));
      argv.addAll(List.of(test));
      assertThat(records(run(argv.toArray(String[]::new))))
          .as("%s", List.of(test))
          .isNotEmpty()
          .containsExactlyInAnyOrderElementsOf(gnuFind(test));
    }
  }

  private List<String> gnuFind(String... test) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("find", "."));
    // GNU find wants these before all tests.
    List<String> tests = new ArrayList<>(List.of(test));
    int depths = tests.indexOf("-mindepth");
    if (depths >= 0) {
      argv.addAll(tests.subList(depths, tests.size()));
      tests = tests.subList(0, depths);
    }
    argv.addAll(tests.isEmpty() ? List.of() : List.of("("));
    argv.addAll(tests);
    argv.addAll(tests.isEmpty() ? List.of() : List.of(")"));
    argv.add("-print0");
    List<String> paths = records(printed(argv));
    return paths.stream().map(path -> path.equals(".") ? "/" : path.substring(1)).toList();
  }

  /** What a program prints that runs where the image is mounted. */
  private byte[] printed(List<String> argv) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(argv)
            .directory(mount.directory().toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] printed = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return printed;
  }

  private static List<String> records(byte[] printed) {
    String text = new String(printed, ISO_8859_1);
    return text.isEmpty()
        ? List.of()
        : List.of(text.substring(0, text.length() - 1).split("\0", -1));
  }

  @Test
  void listsWhatStatSays() throws Exception {
    String format = "%M %n %U %G %s %TY-%Tm-%TdT%TH:%TM:%.2TSZ /%P\\n";
    String[] argv = {
      "env", "TZ=UTC", "find", "usr/bin", "-mindepth", "1", "-type", "f", "-printf", format
    };
    List<String> expected = new ArrayList<>();
    for (String line : Tool.run(mount.directory(), argv).split("\n", -1)) {
      if (!line.isEmpty()) {
        expected.add(line.replaceAll("(:[0-9]{2})[.][0-9]*Z", "$1Z").replace(" /", " /usr/bin/"));
      }
    }
    assertThat(text("find", image.toString(), "/usr/bin", "-type", "f", "-ls").lines())
        .hasSizeGreaterThan(50)
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(text("ls", "-l", image.toString(), "/usr/bin").lines())
        .anyMatch(line -> line.matches("-rwxr-xr-x +1 +0 +0 +[0-9]+ [-0-9T:]+Z +bash"));
  }

  @Test
  void catWritesWhatIsThere() throws Exception {
    for (String path :
        List.of("/usr/bin/bash", "/etc/passwd", "/data/page-and-a-byte", "/data/empty")) {
      byte[] expected = Files.readAllBytes(mount.directory().resolve(path.substring(1)));
      for (String view : List.of("erofs", "daxfs")) {
        assertThat(run("cat", "--view", view, image.toString(), path)).isEqualTo(expected);
      }
    }
    assertThat(text("cat", "--escaped", image.toString(), "/data/caf%E9")).isEqualTo("latin\n");
    assertThat(text("cat", image.toString(), "/data/long-link")).isEqualTo("long\n");
  }

  @Test
  void catWritesEveryFile() throws Exception {
    byte[] files = run("find", image.toString(), "-type", "f", "-print0");
    Path list = Files.write(directory.resolve("files"), files);
    String script = "sed -z 's,^,.,' '" + list + "' | xargs -0 cat | sha256sum";
    String expected = Tool.run(mount.directory(), "sh", "-c", script).split(" ", 2)[0];
    List<String> argv = new ArrayList<>(List.of("cat", "--escaped", "--view", "erofs"));
    argv.add(image.toString());
    argv.addAll(text("find", image.toString(), "-type", "f").lines().toList());
    assertThat(argv).hasSizeGreaterThan(500);
    for (String view : List.of("erofs", "daxfs")) {
      argv.set(3, view);
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(run(argv.toArray(String[]::new)));
      assertThat(HexFormat.of().formatHex(sha256)).as(view).isEqualTo(expected);
    }
  }

  @Test
  void jsonSaysWhatTheMountHas() throws Exception {
    String[] argv = {"find", ".", "!", "-type", "d", "-printf", "%y %m %U %G %n %Ts /%P\\0"};
    List<String> found = new ArrayList<>();
    for (JsonNode entry : json("find", image.toString(), "!", "-type", "d").get("entries")) {
      String type = entry.get("type").asText();
      found.add(
          "%s %o %d %d %d %d %s"
              .formatted(
                  type.equals("fifo") ? "p" : type.equals("symlink") ? "l" : type.substring(0, 1),
                  Integer.parseInt(entry.get("mode").asText(), 8),
                  entry.get("uid").asLong(),
                  entry.get("gid").asLong(),
                  entry.get("links").asInt(),
                  entry.get("mtime").asLong(),
                  new String(Escapes.unescape(entry.get("path").asText()), ISO_8859_1)));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(records(printed(List.of(argv))));

    assertThat(json("ls", "-R", image.toString()).get("entries")).hasSize(mounted.size() - 1);
    assertThat(json("du", "-a", image.toString()).get("entries")).hasSize(mounted.size());
    assertThat(json("stat", image.toString(), "/usr/bin/bash").at("/entries/0/extents/0/size"))
        .isEqualTo(json("ls", image.toString(), "/usr/bin/bash").at("/entries/0/size"));
    assertThat(json("diff", image.toString(), image.toString()).get("difference_count").asInt())
        .isZero();
    assertThat(json("extract", image.toString(), "-o", directory + "/json").get("not_restored"))
        .isEmpty();
  }

  private JsonNode json(String... command) throws IOException {
    String[] argv = Arrays.copyOf(command, command.length + 1);
    argv[command.length] = "--json";
    return new ObjectMapper().readTree(run(argv));
  }

  @Test
  void statShowsCapabilitiesAndDevices() throws Exception {
    assertThat(text("stat", image.toString(), "/usr/bin/bash-copy", "/dev-null"))
        .contains("  xattr      security.capability 0x01000002")
        .contains("  type       character-device\n")
        .contains("  device     1:3\n");
  }

  @Test
  void extractsTheSameTree() throws Exception {
    Path into = directory.resolve("extracted");
    run("extract", image.toString(), "-o", into.toString());
    assertThat(FullListing.of(into)).isEqualTo(mounted);
    assertThat(TreeListing.of(into)).isEqualTo(TreeListing.of(mount.directory()));
    assertThat((Long) Files.getAttribute(into.resolve("data/zeros"), "unix:size"))
        .isEqualTo(1 << 20);
    assertThat(text("diff", image.toString(), "dir:" + into, "-q")).isEmpty();
  }

  @Test
  void tarGivesTheSameTree() throws Exception {
    Path tar = directory.resolve("x.tar");
    byte[] bytes = run("extract", image.toString(), "-o", "-");
    Files.write(tar, bytes);
    assertThat(run("extract", image.toString(), "-o", "-")).isEqualTo(bytes);
    Path into = Files.createDirectory(directory.resolve("untarred"));
    String[] argv = {
      "tar", "-xpf", tar.toString(), "--numeric-owner", "--xattrs", "--xattrs-include=*"
    };
    assertThat(Tool.run(into, argv)).isEmpty();
    assertThat(FullListing.of(into)).isEqualTo(mounted);
    assertThat(TreeListing.of(into)).isEqualTo(TreeListing.of(mount.directory()));
    into = Files.createDirectory(directory.resolve("unpacked by libarchive"));
    assertThat(Tool.run(into, "bsdtar", "-xpf", tar.toString(), "--numeric-owner")).isEmpty();
    // It leaves the directory alone into which it unpacks.
    assertThat(FullListing.of(into).subList(1, mounted.size()))
        .isEqualTo(mounted.subList(1, mounted.size()));
    assertThat(TreeListing.of(into)).isEqualTo(TreeListing.of(mount.directory()));
    for (String lister : List.of("tar", "bsdtar")) {
      assertThat(Tool.run(directory, "env", "LC_ALL=C", lister, "-tf", tar.toString()).lines())
          .hasSize(mounted.size());
    }
    Path again = directory.resolve("again.daxfs");
    run("convert", "tar:" + tar, "-q", "-o", again.toString());
    assertThat(text("diff", image.toString(), again.toString())).isEmpty();
  }

  @Test
  void podmanImportsTheTarAndRunsIt() throws Exception {
    Path here = Files.createDirectory(directory.resolve("podman"));
    Files.write(here.resolve("x.tar"), run("extract", image.toString(), "-o", "-"));
    Files.writeString(
        here.resolve("containers.conf"),
        """
        [containers]
        default_ulimits = ["nofile=1024:4096", "nproc=1024:1024"]
        log_driver = "k8s-file"
        [engine]
        cgroup_manager = "cgroupfs"
        events_logger = "none"
        runtime = "runc"
        """);
    String script =
        """
        set -eu
        mount -t tmpfs tmpfs "$PWD/tmpfs"
        export CONTAINERS_CONF="$PWD/containers.conf"
        export PODMAN="podman --root $PWD/tmpfs/storage --runroot $PWD/tmpfs/run --tmpdir $PWD/tmpfs/tmp"
        $PODMAN import --quiet x.tar imported >/dev/null
        $PODMAN run --rm --network none imported /bin/bash -c '
          [[ -u /data/page && -p /data/fifo && -c /dev-null && ! -e /data/gone ]] && echo kinds
          [[ -O /data/page && ! -O /data/dir ]] && echo owners
          echo /data/opaque/*
          cat /data/long-link'
        """;
    Files.createDirectory(here.resolve("tmpfs"));
    assertThat(Tool.run(here, "unshare", "-m", "sh", "-c", script).lines())
        .containsExactly("kinds", "owners", "/data/opaque/upper", "long");
  }

  @Test
  void diffComparesWithTheSource() throws Exception {
    assertThat(text("diff", "-q", image.toString(), source.reference())).isEmpty();
    Daxconv views =
        Daxconv.run(
            home(),
            "diff",
            "--view",
            "daxfs",
            image.toString(),
            "dir:" + source.rootfs(),
            "--json");
    assertThat(views.exit()).as(views.err()).isOne();
    assertThat(views.out())
        .contains("\"path\" : \"/dev-null\"")
        .contains("\"difference_count\" : 2");
  }

  @Test
  void duCountsWhatIsStored() throws Exception {
    long stored = Long.parseLong(text("du", "-s", image.toString()).split("\t", 2)[0]);
    long size = Files.size(image);
    assertThat(stored).isLessThan(size).isGreaterThan(size * 9 / 10);
    long apparent =
        Long.parseLong(text("du", "-s", "--apparent-size", image.toString()).split("\t", 2)[0]);
    String[] argv = {
      "find", ".", "(", "-type", "f", "-o", "-type", "l", ")", "-printf", "%i %s\\n"
    };
    assertThat(apparent)
        .isEqualTo(
            Tool.run(mount.directory(), argv)
                .lines()
                .distinct()
                .mapToLong(line -> Long.parseLong(line.split(" ", 2)[1]))
                .sum());
  }

  @Test
  void readsADevice() throws Exception {
    String device = Tool.run(directory, "losetup", "-r", "-f", "--show", image.toString()).strip();
    try {
      for (String view : List.of("erofs", "daxfs")) {
        assertThat(text("find", "--view", view, device))
            .isEqualTo(text("find", "--view", view, image.toString()));
        assertThat(run("cat", "--view", view, device, "/usr/bin/bash"))
            .isEqualTo(run("cat", "--view", view, image.toString(), "/usr/bin/bash"));
      }
    } finally {
      Tool.run(directory, "losetup", "-d", device);
    }
  }

  @Test
  void readsNoMoreThanItNeeds() throws Exception {
    String device = Tool.run(directory, "losetup", "-r", "-f", "--show", image.toString()).strip();
    try {
      // Without reading ahead, the device reads the pages that are touched and no others.
      Tool.run(directory, "blockdev", "--setra", "0", device);
      long few = Files.size(image) / 20;
      for (String[] command :
          new String[][] {
            {"ls", "-l", device, "/usr/bin"},
            {"stat", device, "/usr/bin/bash"},
            {"cat", device, "/etc/passwd"},
            {"find", device, "/data", "-type", "f"},
            {"ls", "--view", "daxfs", "-l", device, "/data"},
            {"cat", "--view", "daxfs", device, "/etc/passwd"},
          }) {
        assertThat(bytesRead(device, command))
            .as(Arrays.toString(command))
            .isPositive()
            .isLessThan(few);
      }
      assertThat(bytesRead(device, "extract", device, "-o", "-")).isGreaterThan(few * 18);
    } finally {
      Tool.run(directory, "losetup", "-d", device);
    }
  }

  /** What a command makes a device read whose pages are not in the cache. */
  private long bytesRead(String device, String... command)
      throws IOException, InterruptedException {
    Tool.run(directory, "blockdev", "--flushbufs", device);
    long before = sectorsRead(device);
    run(command);
    return 512 * (sectorsRead(device) - before);
  }

  /** The third number of Documentation/block/stat.rst. */
  private static long sectorsRead(String device) throws IOException {
    Path stat = Path.of("/sys/block", Path.of(device).getFileName().toString(), "stat");
    return Long.parseLong(Files.readString(stat).strip().split(" +", -1)[2]);
  }

  private Path home() {
    return directory.resolve("home");
  }

  private String text(String... args) throws IOException {
    return new String(run(args), UTF_8);
  }

  /** What a command prints, if it does what it is asked to and says nothing else. */
  private byte[] run(String... args) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> environment = Map.of("HOME", home().toString());
    int exit =
        Main.run(
            new PrintStream(out, false, UTF_8),
            new PrintStream(err, true, UTF_8),
            InputStream.nullInputStream(),
            environment,
            args);
    assertThat(exit).as("%s: %s", Arrays.toString(args), err).isZero();
    assertThat(err.toString(UTF_8)).isEmpty();
    return out.toByteArray();
  }
}

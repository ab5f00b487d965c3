package io.daxconv.cli.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.testing.RequiresTools;
import io.daxconv.converter.text.Escapes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

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
      "tar",
      "bsdtar",
      "podman",
      "runc",
      "unshare"
    },
    root = true,
    filesystems = {"erofs", "overlay", "tmpfs"})
@ExtendWith(ReadImage.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReadingTest {
  private ReadImage real;
  private Path directory;
  private RealImage source;
  private Path image;
  private ErofsMount mount;
  private List<String> mounted;

  @BeforeAll
  void share(ReadImage real) {
    this.real = real;
    directory = real.directory();
    source = real.source();
    image = real.image();
    mount = real.mount();
    mounted = real.mounted();
  }

  @Test
  void catWritesWhatIsThere() throws Exception {
    for (String path :
        List.of("/usr/bin/bash", "/etc/passwd", "/data/page-and-a-byte", "/data/empty")) {
      byte[] expected = Files.readAllBytes(mount.directory().resolve(path.substring(1)));
      for (String view : List.of("erofs", "daxfs")) {
        assertThat(real.run("cat", "--view", view, image.toString(), path)).isEqualTo(expected);
      }
    }
    assertThat(real.text("cat", "--escaped", image.toString(), "/data/caf%E9"))
        .isEqualTo("latin\n");
    assertThat(real.text("cat", image.toString(), "/data/long-link")).isEqualTo("long\n");
  }

  @Test
  void catWritesEveryFile() throws Exception {
    byte[] files = real.run("find", image.toString(), "-type", "f", "-print0");
    Path list = Files.write(directory.resolve("files"), files);
    String script = "sed -z 's,^,.,' '" + list + "' | xargs -0 cat | sha256sum";
    String expected = Tool.run(mount.directory(), "sh", "-c", script).split(" ", 2)[0];
    List<String> argv = new ArrayList<>(List.of("cat", "--escaped", "--view", "erofs"));
    argv.add(image.toString());
    argv.addAll(real.text("find", image.toString(), "-type", "f").lines().toList());
    assertThat(argv).hasSizeGreaterThan(500);
    for (String view : List.of("erofs", "daxfs")) {
      argv.set(3, view);
      byte[] sha256 =
          MessageDigest.getInstance("SHA-256").digest(real.run(argv.toArray(String[]::new)));
      assertThat(HexFormat.of().formatHex(sha256)).as(view).isEqualTo(expected);
    }
  }

  @Test
  void jsonSaysWhatTheMountHas() throws Exception {
    String[] argv = {"find", ".", "!", "-type", "d", "-printf", "%y %m %U %G %n %Ts /%P\\0"};
    List<String> found = new ArrayList<>();
    for (JsonNode entry : real.json("find", image.toString(), "!", "-type", "d").get("entries")) {
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
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(ReadImage.records(real.printed(List.of(argv))));

    assertThat(real.json("ls", "-R", image.toString()).get("entries")).hasSize(mounted.size() - 1);
    assertThat(real.json("du", "-a", image.toString()).get("entries")).hasSize(mounted.size());
    assertThat(real.json("stat", image.toString(), "/usr/bin/bash").at("/entries/0/extents/0/size"))
        .isEqualTo(real.json("ls", image.toString(), "/usr/bin/bash").at("/entries/0/size"));
    assertThat(
            real.json("diff", image.toString(), image.toString()).get("difference_count").asInt())
        .isZero();
    assertThat(
            real.json("extract", image.toString(), "-o", directory + "/json").get("not_restored"))
        .isEmpty();
  }

  @Test
  void statShowsCapabilitiesAndDevices() throws Exception {
    assertThat(real.text("stat", image.toString(), "/usr/bin/bash-copy", "/dev-null"))
        .contains("  xattr      security.capability 0x01000002")
        .contains("  type       character-device\n")
        .contains("  device     1:3\n");
  }

  @Test
  void extractsTheSameTree() throws Exception {
    Path into = directory.resolve("extracted");
    real.run("extract", image.toString(), "-o", into.toString());
    assertThat(FullListing.of(into)).isEqualTo(mounted);
    assertThat(TreeListing.of(into)).isEqualTo(TreeListing.of(mount.directory()));
    assertThat((Long) Files.getAttribute(into.resolve("data/zeros"), "unix:size"))
        .isEqualTo(1 << 20);
    assertThat(real.text("diff", image.toString(), "dir:" + into, "-q")).isEmpty();
  }

  @Test
  void tarGivesTheSameTree() throws Exception {
    Path tar = directory.resolve("x.tar");
    byte[] bytes = real.run("extract", image.toString(), "-o", "-");
    Files.write(tar, bytes);
    assertThat(real.run("extract", image.toString(), "-o", "-")).isEqualTo(bytes);
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
    real.run("convert", "tar:" + tar, "-q", "-o", again.toString());
    assertThat(real.text("diff", image.toString(), again.toString())).isEmpty();
  }

  @Test
  void podmanImportsTheTarAndRunsIt() throws Exception {
    Path here = Files.createDirectory(directory.resolve("podman"));
    Files.write(here.resolve("x.tar"), real.run("extract", image.toString(), "-o", "-"));
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
    assertThat(real.text("diff", "-q", image.toString(), source.reference())).isEmpty();
    Daxconv views =
        Daxconv.run(
            real.home(),
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
    long stored = Long.parseLong(real.text("du", "-s", image.toString()).split("\t", 2)[0]);
    long size = Files.size(image);
    assertThat(stored).isLessThan(size).isGreaterThan(size * 9 / 10);
    long apparent =
        Long.parseLong(
            real.text("du", "-s", "--apparent-size", image.toString()).split("\t", 2)[0]);
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
}

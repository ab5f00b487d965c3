package io.daxconv.cli.it;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.cli.it.differential.Comparison;
import io.daxconv.cli.it.differential.Flattened;
import io.daxconv.cli.it.differential.Layout;
import io.daxconv.cli.it.differential.Rootfs;
import io.daxconv.converter.testing.RequiresTools;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stacks of layers as containerd and Podman unpack and mount them, and as the kernel shows the
 * EROFS view of daxconv's image: the same tree, but where a test says otherwise.
 */
@RequiresTools(
    value = {
      "containerd",
      "ctr",
      "podman",
      "tar",
      "find",
      "stat",
      "getfattr",
      "mount",
      "umount",
      "mountpoint"
    },
    root = true,
    filesystems = {"erofs", "overlay"})
final class RuntimeTreeTest {
  @TempDir private static Path directory;
  private static Containerd containerd;
  private static PodmanStorage podman;
  private static int count;

  @BeforeAll
  static void start() throws Exception {
    containerd = Containerd.start(directory.resolve("containerd"));
    podman = PodmanStorage.create(directory.resolve("podman"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (podman != null) {
      podman.release();
    }
    if (containerd != null) {
      containerd.close();
    }
  }

  /** A stack's trees by all three; each entry has a time, and so has the root. */
  private static final class Trees {
    private final Path layout;
    private final String name = "stack" + ++count;
    private final SortedMap<String, Flattened.Found> ours;

    Trees(TarBuilder... layers) throws Exception {
      layout = directory.resolve(name);
      Layout.write(Arrays.stream(layers).map(TarBuilder::build).toList(), true, layout);
      ours = ours();
    }

    private SortedMap<String, Flattened.Found> ours() throws Exception {
      Path image = directory.resolve(name + ".daxfs");
      Daxconv run =
          Daxconv.run(directory, "convert", "-q", "oci:" + layout, "-o", image.toString());
      assertThat(run.err()).isEmpty();
      try (ErofsMount mount = ErofsMount.of(image, directory.resolve("mounted"))) {
        return list(mount.directory());
      }
    }

    List<String> containerd() throws Exception {
      assertThat(containerd.unpack(layout, name)).isEmpty();
      Path mounted = directory.resolve(name + "-mounted");
      containerd.mount(name, mounted);
      try {
        return behindRoot(list(mounted), "/: mtime");
      } finally {
        containerd.unmount(mounted);
      }
    }

    List<String> podman() throws Exception {
      Tool.Outcome id = podman.unpack(layout);
      assertThat(id.exit()).as(id.output()).isZero();
      Path mounted = podman.mount(id.output());
      try {
        return behindRoot(list(mounted), "/: mode", "/: mtime");
      } finally {
        podman.unmount(id.output());
      }
    }

    /** Where the trees differ but for the root, whose entry neither runtime takes as it is. */
    private List<String> behindRoot(SortedMap<String, Flattened.Found> theirs, String... root) {
      List<String> places = Comparison.places(ours, theirs);
      assertThat(places).startsWith(root);
      return places.subList(root.length, places.size());
    }

    Tool.Outcome podmansError() throws Exception {
      return podman.unpack(layout);
    }

    private static SortedMap<String, Flattened.Found> list(Path root)
        throws IOException, InterruptedException {
      String name = root.getFileName().toString();
      return Objects.requireNonNull(
          Rootfs.list(Objects.requireNonNull(root.getParent()), List.of(name)).get(name));
    }
  }

  private static TarBuilder layer() {
    return tar().add(TarEntry.directory("./").mtime(1_000));
  }

  private static TarEntry file(String path, String text) {
    return TarEntry.file(path, text).mtime(2_000);
  }

  private static TarEntry directory(String path) {
    return TarEntry.directory(path).mtime(3_000);
  }

  /** With the time of what it links to, as tar writes it: runtimes set it, daxconv does not. */
  private static TarEntry link(String path, String target) {
    return TarEntry.hardLink(path, target).mtime(2_000);
  }

  private static TarEntry symlink(String path, String target) {
    return TarEntry.symlink(path, target).mtime(4_000);
  }

  @Test
  void whiteoutsAndOpaqueDirectories() throws Exception {
    Trees trees =
        new Trees(
            layer()
                .add(directory("d"))
                .add(file("d/a", "1"))
                .add(file("d/b", "2"))
                .add(directory("d/sub"))
                .add(file("d/sub/x", "3"))
                .add(directory("gone"))
                .add(file("gone/y", "4"))
                .add(directory("o"))
                .add(file("o/old", "5"))
                .add(directory("o/sub"))
                .add(file("o/sub/old", "6")),
            layer()
                .add(directory("d"))
                .whiteout("d/.wh.a")
                .whiteout("d/.wh.sub")
                .whiteout(".wh.gone")
                .add(directory("o"))
                .add(file("o/first", "7"))
                .whiteout("o/.wh..wh..opq")
                .add(file("o/second", "8")),
            layer().add(directory("d")).add(directory("d/sub")).add(file("d/sub/new", "9")));
    assertThat(trees.containerd()).isEmpty();
    assertThat(trees.podman()).isEmpty();
  }

  @Test
  void kindsReplaceEachOther() throws Exception {
    Trees trees =
        new Trees(
            layer()
                .add(file("file-to-directory", "1"))
                .add(directory("directory-to-file"))
                .add(file("directory-to-file/x", "2"))
                .add(directory("directory-to-symlink"))
                .add(file("directory-to-symlink/x", "3"))
                .add(directory("target"))
                .add(file("target/x", "4"))
                .add(symlink("symlink-to-directory", "target"))
                .add(directory("and-back"))
                .add(file("and-back/old", "5")),
            layer()
                .add(directory("file-to-directory"))
                .add(file("file-to-directory/y", "6"))
                .add(file("directory-to-file", "7"))
                .add(symlink("directory-to-symlink", "target"))
                .add(directory("symlink-to-directory"))
                .add(file("symlink-to-directory/y", "8"))
                .add(file("and-back", "9")),
            layer().add(directory("and-back")).add(file("and-back/new", "10")));
    assertThat(trees.containerd()).isEmpty();
    assertThat(trees.podman()).isEmpty();
  }

  @Test
  void aLowerSymlinkOnTheWayIsReplaced() throws Exception {
    Trees trees =
        new Trees(
            layer()
                .add(directory("usr"))
                .add(directory("usr/lib"))
                .add(file("usr/lib/x", "1"))
                .add(symlink("lib", "usr/lib")),
            layer().add(file("lib/y", "2")));
    // Nobody says of what time the directory is: they show when they made it.
    assertThat(trees.containerd()).containsExactly("/lib: mtime");
    assertThat(trees.podman()).containsExactly("/lib: mtime");
  }

  @Test
  void aSymlinkOfTheSameLayerIsFollowed() throws Exception {
    Trees trees =
        new Trees(
            layer()
                .add(directory("usr"))
                .add(directory("usr/lib"))
                .add(symlink("lib", "../../usr/lib"))
                .add(symlink("lib64", "/lib"))
                .add(file("lib/x", "1"))
                .add(file("lib64/y", "2"))
                .add(link("z", "lib64/x")));
    // Files that come after a directory's entry change its time.
    assertThat(trees.containerd()).isEmpty();
    assertThat(trees.podman()).isEmpty();
  }

  @Test
  void hardLinks() throws Exception {
    Trees trees =
        new Trees(
            layer()
                .add(directory("d"))
                .add(file("d/a", "linked"))
                .add(link("b", "d/a"))
                .add(link("c", "b"))
                .add(file("k", "first"))
                .add(link("l", "k"))
                .add(symlink("s", "b"))
                .add(TarEntry.hardLink("t", "s").mtime(4_000)),
            layer().whiteout(".wh.b").add(file("k", "second")));
    assertThat(trees.containerd()).isEmpty();
    assertThat(trees.podman()).isEmpty();
  }

  @Test
  void metadata() throws Exception {
    byte[] capability = {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    Trees trees =
        new Trees(
            layer()
                .add(file("su", "1").mode(04755).owner(3_000_000_000L, 2_000_000))
                .add(directory("tmp").mode(01777))
                .add(directory("sg").mode(02750).owner(1, 2))
                .add(file("xattrs", "2").xattr("user.one", new byte[] {0, '\n', (byte) 0xff}))
                .add(file("capable", "3").xattr("security.capability", capability))
                .add(directory("marked").xattr("user.two", new byte[] {1}))
                .add(file("fraction", "4").pax("mtime", "1234567890.123456789"))
                .add(file("ünï", "5"))
                .add(new TarEntry('3', "null").device(1, 3).mode(0666).mtime(5_000))
                .add(new TarEntry('4', "block").device(250, 70_000).mtime(5_000))
                .add(new TarEntry('6', "fifo").mtime(5_000)),
            layer()
                .add(directory("tmp").mode(0700).owner(7, 8).mtime(6_000))
                .add(file("xattrs", "2").xattr("user.other", new byte[] {2})));
    assertThat(trees.containerd()).isEmpty();
    assertThat(trees.podman()).isEmpty();
  }

  /** A layer is a tree of its own, whose last entry of a path counts. */
  @Test
  void aFileAndThenADirectoryOverALowerDirectoryMergeWithIt() throws Exception {
    Trees trees =
        new Trees(
            layer().add(directory("d")).add(file("d/lower", "1")),
            layer().add(file("d", "2")).add(directory("d")).add(file("d/upper", "3")));
    assertThat(trees.containerd()).isEmpty();
    assertThat(trees.podmansError())
        .matches(outcome -> outcome.exit() != 0)
        .extracting(Tool.Outcome::output)
        .asString()
        .contains("duplicates of file paths not supported");
  }

  /** By the image-spec a whiteout hides what lower layers have, also beside a new directory. */
  @Test
  void aWhiteoutBesideADirectoryOfThatNameHidesWhatIsBelow() throws Exception {
    Trees trees =
        new Trees(
            layer().add(directory("d")).add(file("d/old", "1")),
            layer().whiteout(".wh.d").add(directory("d")).add(file("d/new", "2")));
    assertThat(trees.containerd()).containsExactly("/d/old: only there");
    assertThat(trees.podman()).containsExactly("/d/old: only there");
  }
}

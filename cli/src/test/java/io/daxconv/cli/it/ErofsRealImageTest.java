package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** An image made from Debian packages, mounted as EROFS by the kernel that runs the tests. */
@RequiresTools(
    value = {
      "umoci",
      "dpkg",
      "setcap",
      "find",
      "stat",
      "getfattr",
      "setpriv",
      "mount",
      "unshare",
      "fsck.erofs",
      "dump.erofs"
    },
    root = true,
    filesystems = {"erofs", "overlay", "tmpfs"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ErofsRealImageTest {
  /** Bit 13 of the capabilities (capabilities(7)). */
  private static final String CAP_NET_RAW = "0000000000002000";

  private Path directory;
  private RealImage source;
  private Path image;
  private ErofsMount mount;

  @BeforeAll
  void mountConverted(@TempDir Path temporary) throws Exception {
    directory = temporary;
    source = RealImage.make(directory.resolve("image"));
    image = convert("x.daxfs");
    mount = ErofsMount.of(image, directory.resolve("mnt"));
  }

  @AfterAll
  void unmount() throws IOException {
    if (mount != null) {
      mount.close();
    }
  }

  @Test
  void equalsTheTreeThatUmociUnpacks() throws Exception {
    List<String> tree = FullListing.of(mount.directory());
    assertThat(tree).hasSizeGreaterThan(1000).isEqualTo(FullListing.of(source.rootfs()));
    assertThat(tree)
        .anyMatch(line -> line.startsWith("/dev-null c ") && line.endsWith(" 1:3 -"))
        .anyMatch(line -> line.startsWith("/data/fifo p "))
        .anyMatch(line -> line.contains(" security.capability=0x01000002"));
  }

  @Test
  void readsAndMapsWhatUmociUnpacks() throws Exception {
    assertThat(TreeListing.of(mount.directory())).isEqualTo(TreeListing.of(source.rootfs()));
    assertThat(MappedContents.check(mount.directory())).isGreaterThan(500);
  }

  @Test
  void isAcceptedByErofsTools() throws Exception {
    ErofsTools.requireSound(image, directory);
  }

  @Test
  void givesFilesTheirCapabilities() throws Exception {
    // Not set by bash itself, which only reads: the kernel gives it at execve, to any user.
    String status = "while read -r name value; do case $name in CapEff:) echo $value; esac; done";
    String[] argv = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "bash-copy"};
    argv[4] = mount.directory().resolve("usr/bin/bash-copy").toString();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(Tool.run(directory, with(argv, "-c", status + " </proc/self/status")))
        .isEqualTo(CAP_NET_RAW + "\n");
    argv[4] = mount.directory().resolve("usr/bin/bash").toString();
    assertThat(Tool.run(directory, with(argv, "-c", status + " </proc/self/status")))
        .isEqualTo("0000000000000000\n");
  }

  @Test
  void keepsOverlaysApart() throws Exception {
    Tool.run(
        Files.createDirectories(directory.resolve("overlays")),
        "unshare",
        "-m",
        "sh",
        "-c",
        """
        set -eu
        mount -t tmpfs tmpfs "$PWD"
        cd "$PWD"
        for n in 1 2; do
          mkdir -p $n/upper $n/work $n/merged
          mount -t overlay -o "lowerdir=$1,upperdir=$n/upper,workdir=$n/work,$2" overlay $n/merged
        done
        cd 1/merged
        chroot . /bin/bash -c 'echo one >>/etc/passwd'
        rm usr/bin/ls
        mv data/dir data/moved
        tail -n 1 etc/passwd | grep -qx one
        cmp ../../2/merged/etc/passwd "$1/etc/passwd"
        test ! -e usr/bin/ls
        test -x ../../2/merged/usr/bin/ls
        test -e data/moved/1
        test -e ../../2/merged/data/dir/1
        test ! -e ../../2/merged/data/moved
        getfattr -n security.capability usr/bin/bash-copy
        echo more >>usr/bin/bash-copy
        if getfattr -n security.capability usr/bin/bash-copy; then exit 1; fi
        getfattr -n security.capability ../../2/merged/usr/bin/bash-copy
        """,
        "sh",
        mount.directory().toString(),
        "redirect_dir=on,xino=on");
  }

  @Test
  void costsAtMostTwoPercent() throws IOException {
    long with = Files.size(image);
    long without = Files.size(convert("without.daxfs", "--no-erofs"));
    System.out.printf(
        "EROFS view: %d of %d bytes, %.2f percent%n",
        with - without, with, 100.0 * (with - without) / with);
    assertThat(with - without).isPositive().isLessThanOrEqualTo(with / 50);
  }

  @Test
  void leavesTheSuperblocksPlaceZeroWithoutIt() throws Exception {
    Path without = convert("zero.daxfs", "--no-erofs");
    try (InputStream in = Files.newInputStream(without)) {
      in.skipNBytes(1024);
      assertThat(in.readNBytes(128)).containsOnly(0);
    }
    assertThatThrownBy(() -> ErofsMount.of(without, directory.resolve("not-mounted")).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("errno 22");
  }

  private Path convert(String name, String... options) throws IOException {
    Path output = directory.resolve(name);
    List<String> argv = new ArrayList<>(List.of("convert", source.reference()));
    argv.addAll(List.of("-o", output.toString()));
    argv.addAll(List.of(options));
    Daxconv.run(directory.resolve("home"), argv.toArray(String[]::new)).output();
    return output;
  }

  private static String[] with(String[] argv, String... more) {
    List<String> all = new ArrayList<>(List.of(argv));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}

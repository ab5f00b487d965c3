package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code find}, {@code ls} and {@code stat} of all paths, compared with GNU's on the mount. */
@RequiresTools(
    value = {"umoci", "dpkg", "setcap", "find", "stat", "getfattr", "mount", "xargs"},
    root = true,
    filesystems = "erofs")
@ExtendWith(ReadImage.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReadingPathsTest {
  private ReadImage real;
  private String image;
  private List<MountedInode> all;

  @BeforeAll
  void list(ReadImage real) throws Exception {
    this.real = real;
    image = real.image().toString();
    all = MountedInode.all(real);
    assertThat(all).hasSameSizeAs(real.mounted());
  }

  @Test
  void lsListsEveryPath() {
    List<String> listed = new ArrayList<>();
    List<String> directories = new ArrayList<>();
    String directory = "";
    for (String line : real.text("ls", "-lR", image).lines().toList()) {
      if (line.startsWith("/")) {
        assertThat(line).endsWith(":");
        directory = line.substring(0, line.length() - 1);
        directories.add(directory);
      } else if (!line.isEmpty()) {
        String[] fields = line.split(" +", 7);
        assertThat(fields).as(line).hasSize(7);
        fields[6] = (directory.equals("/") ? "/" : directory + "/") + fields[6];
        listed.add(String.join(" ", fields));
      }
    }
    assertThat(listed.stream().sorted().toList())
        .isEqualTo(
            all.stream()
                .filter(inode -> !inode.path().equals("/"))
                .map(MountedInode::listed)
                .sorted()
                .toList());
    assertThat(directories.stream().sorted().toList())
        .isEqualTo(
            all.stream()
                .filter(inode -> inode.mode().startsWith("d"))
                .map(MountedInode::path)
                .sorted()
                .toList());
  }

  @Test
  void findListsEveryPath() {
    List<String> listed =
        real.text("find", image, "-ls").lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertThat(listed.stream().sorted().toList())
        .isEqualTo(all.stream().map(MountedInode::listed).sorted().toList());
  }

  @Test
  void statShowsEveryPath() {
    List<String> argv = new ArrayList<>(List.of("stat", "--escaped", image));
    all.forEach(inode -> argv.add(inode.path()));
    String shown =
        real.text(argv.toArray(String[]::new))
            .lines()
            .filter(line -> !line.matches("  (xattr|data) .*"))
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(shown)
        .isEqualTo(all.stream().map(MountedInode::shown).collect(Collectors.joining()));
  }

  @Test
  void findFindsWhatTheMountHas() throws Exception {
    String number =
        all.stream()
            .filter(inode -> inode.path().equals("/usr/bin/bash"))
            .map(MountedInode::number)
            .findFirst()
            .orElseThrow();
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
          {"-newer", "usr/bin/bash"},
          {"!", "-newer", "etc/passwd", "-type", "f"},
          {"-newer", "usr/bin/bash", "-not", "-newer", "data/long-link"},
          {"-inum", number},
          {"-inum", "+" + number, "-type", "f"},
          {"-inum", "-" + number, "-o", "-links", "2"},
        }) {
      assertThat(found(test))
          .as("%s", List.of(test))
          .isNotEmpty()
          .isEqualTo(gnuFind(test).stream().sorted().toList());
    }
  }

  /** GNU find has no such test. */
  @Test
  void findFindsWhatGetfattrSees() {
    List<String> withXattrs =
        real.mounted().stream()
            .filter(line -> !line.endsWith(" -"))
            .map(line -> line.replaceFirst("(?s) [fdlcbps] [0-7]+ [0-9]+:[0-9]+ .*", ""))
            .sorted()
            .toList();
    assertThat(withXattrs).contains("/usr/bin/bash-copy");
    assertThat(found("-xattr")).isEqualTo(withXattrs);
    assertThat(found("-xattr", "security.cap*")).contains("/usr/bin/bash-copy");
    assertThat(found("-xattr", "user.*")).isEmpty();
  }

  private List<String> found(String... test) {
    List<String> argv = new ArrayList<>(List.of("find", image, "/", "-print0"));
    argv.addAll(List.of(test));
    return ReadImage.records(real.run(argv.toArray(String[]::new))).stream().sorted().toList();
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
    List<String> paths = ReadImage.records(real.printed(argv));
    return paths.stream().map(path -> path.equals(".") ? "/" : path.substring(1)).toList();
  }
}

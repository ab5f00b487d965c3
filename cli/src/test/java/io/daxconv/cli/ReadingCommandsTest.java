package io.daxconv.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading commands on the image in examples/ and on small ones that are damaged. */
class ReadingCommandsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;
  private Path hello;

  @BeforeEach
  void convert() {
    hello = directory.resolve("hello.daxfs");
    run("convert", "oci:../examples/hello-image", "-q", "-o", hello.toString());
  }

  private int run(String... args) {
    out.reset();
    err.reset();
    return Main.run(
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        InputStream.nullInputStream(),
        Map.of("HOME", directory.toString()),
        args);
  }

  private int runOnHello(String command) {
    return run(command.replace("FILE", hello.toString()).split(" "));
  }

  private String out() {
    return out.toString(UTF_8);
  }

  private String err() {
    return err.toString(UTF_8);
  }

  @Test
  void lsListsNamesAndDirectoriesBelow() {
    assertThat(runOnHello("ls FILE")).isZero();
    assertThat(out()).isEqualTo("bin\netc\nhome\nusr\nvar\n");
    assertThat(runOnHello("ls -lR FILE /etc")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            /etc:
            -rw-r--r-- 1 0 0 24 2026-01-01T00:00:00Z group
            lrwxrwxrwx 1 0 0 29 2026-01-01T00:00:00Z os-release -> ../usr/share/hello/os-release
            -rw-r--r-- 1 0 0 74 2026-01-01T00:00:00Z passwd
            """);
    assertThat(runOnHello("ls -R FILE /home /etc/passwd")).isZero();
    assertThat(out()).startsWith("/etc/passwd\n\n/home:\nhello\n\n/home/hello:\n");
    assertThat(runOnHello("ls -l --view daxfs FILE /etc/passwd")).isZero();
    assertThat(out()).isEqualTo("-rw-r--r-- 1 0 0 74 - /etc/passwd\n");
  }

  @Test
  void catFollowsSymlinksInsideTheImage() {
    assertThat(runOnHello("cat FILE /bin/../../etc/os-release")).isZero();
    assertThat(out()).startsWith("NAME=\"hello\"\n");
    assertThat(runOnHello("cat FILE ../../../etc/os-release --view daxfs")).isZero();
    assertThat(out()).startsWith("NAME=\"hello\"\n");
  }

  @Test
  void jsonSaysTheSameToPrograms() throws IOException {
    assertThat(runOnHello("stat FILE /etc/os-release /home/hello/null --json")).isZero();
    JsonNode entries = new ObjectMapper().readTree(out()).get("entries");
    assertThat(entries.at("/0/target").asText()).isEqualTo("../usr/share/hello/os-release");
    assertThat(entries.at("/1/major").asInt()).isEqualTo(1);
    assertThat(entries.at("/1/mtime").asLong()).isEqualTo(1767225600);
    assertThat(runOnHello("cat FILE /etc/group --json")).isZero();
    JsonNode file = new ObjectMapper().readTree(out()).at("/files/0");
    assertThat(file.get("content").binaryValue()).hasSize(24);
    assertThat(file.get("sha256").asText()).hasSize(64);
    assertThat(runOnHello("du FILE -s --json")).isZero();
    JsonNode du = new ObjectMapper().readTree(out()).at("/entries/0");
    assertThat(du.get("stored").asLong() / 4096).isEqualTo(7);
    assertThat(runOnHello("find FILE -name passwd --json")).isZero();
    assertThat(new ObjectMapper().readTree(out()).at("/entries/0/path").asText())
        .isEqualTo("/etc/passwd");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ls FILE /nope| 1| /nope: expected something there, found nothing",
        "ls FILE /etc/passwd/x| 1| expected a directory at /etc/passwd, found a regular file",
        "cat FILE /etc| 1| /etc: expected a regular file, found a directory",
        "cat FILE /etc/passwd /nope| 1| /nope: expected something there, found nothing",
        "cat FILE| 2| Missing required parameter: 'PATH'",
        "stat --escaped FILE /%4| 2| --escaped: expected %XX",
        "find FILE -nope| 2| expected a test that find has, found -nope",
        "find FILE ( -name x| 2| expected ), found the end of the expression",
        "find FILE -name x )| 2| expected the end of the expression, found )",
        "find FILE -type x| 2| expected -type with letters of bcdflps",
        "find FILE -size 1q| 2| expected -size [+-]N, found 1q",
        "find FILE -user nobody-there| 2| expected a number, or a name in the image's /etc/passwd",
        "find FILE -group| 2| expected an argument of -group",
        "find FILE -perm u+s| 2| expected -perm [-/]MODE with octal digits, found u+s",
        "find FILE -newermt x| 2| expected a date such as",
        "find FILE --view daxfs -newermt 2026-01-01| 0|",
        "find FILE --view daxfs -newer /etc| 2| expected a view that has times",
        "extract FILE| 2| Missing required option: '--output=DIR'",
        "extract FILE -o - --force| 2| expected a directory, found --force with a tar",
        "ls /dev| 2| /dev: expected a file that can be read, found a directory",
        "ls /dev/null| 1| expected a file, a block device or a device of device DAX",
        "ls pom.xml| 1| expected the magic",
        "diff FILE /nowhere| 2| /nowhere: expected a file that can be read, found nothing",
        "diff FILE pom.xml| 2| expected the magic",
        "diff FILE oci:/nowhere| 2| /nowhere",
      })
  void whatIsWrongGetsOneLine(String command, int exit, String message) {
    assertThat(runOnHello(command)).as(err()).isEqualTo(exit);
    if (exit != 0) {
      assertThat(err()).startsWith("daxconv: ").contains(message).hasLineCount(1);
      assertThat(out()).isEmpty();
    }
  }

  @Test
  void findKnowsOwnersByTheImagesOwnNames() {
    assertThat(runOnHello("find FILE -user hello -group hello -name hello*")).as(err()).isZero();
    String byName = out();
    assertThat(byName).startsWith("/home/hello\n");
    assertThat(runOnHello("find FILE -user 1000 -group 1000 -name hello*")).isZero();
    assertThat(out()).isEqualTo(byName);
    assertThat(runOnHello("find FILE -user root -type f")).isZero();
    assertThat(out()).contains("/etc/passwd\n").doesNotContain("/home");
  }

  @Test
  void diffTellsWhatChanged() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.writeString(root.resolve("same"), "same");
    Files.writeString(root.resolve("changed"), "one");
    Files.writeString(root.resolve("gone"), "x");
    run("convert", "dir:" + root, "-q", "-o", directory.resolve("a").toString());
    assertThat(run("diff", "-q", directory.resolve("a").toString(), "dir:" + root)).isZero();
    assertThat(out()).isEmpty();
    Files.writeString(root.resolve("changed"), "three");
    Files.delete(root.resolve("gone"));
    Files.createSymbolicLink(root.resolve("new"), Path.of("same"));

    assertThat(run("diff", directory.resolve("a").toString(), "dir:" + root)).isOne();
    assertThat(out().lines().map(line -> line.replaceAll("(/[a-z]*).*", "$1")))
        .containsExactly("changed /", "changed /changed", "removed /gone", "added /new");
    assertThat(out()).contains("of 3 bytes -> ").contains("of 5 bytes, time ");
    assertThat(err()).contains("dir:");
  }

  @Test
  void extractRefusesADirectoryThatIsNotEmpty() throws IOException {
    Path into = Files.createDirectories(directory.resolve("into"));
    Files.writeString(into.resolve("mine"), "mine");
    assertThat(runOnHello("extract FILE /usr/share/hello -o " + into)).isOne();
    assertThat(err()).contains("expected an empty directory, found files in it").hasLineCount(1);

    // A symlink that leads out of it is replaced and not followed.
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Files.createSymbolicLink(into.resolve("os-release"), outside.resolve("os-release"));
    int done = runOnHello("extract FILE /usr/share/hello --force -o " + into);
    assertThat(done).as(err()).isZero();
    assertThat(outside).isEmptyDirectory();
    assertThat(into.resolve("os-release")).isRegularFile().content().startsWith("NAME=");
    assertThat(into.resolve("mine")).hasContent("mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "find FILE",
        "ls -R FILE",
        "du FILE",
        "extract FILE -o OUT",
        "extract FILE -o -",
        "diff FILE FILE"
      })
  void aCycleEndsWithOneLine(String command) throws IOException {
    Path root = directory.resolve("root");
    Files.createDirectories(root.resolve("usr/cycle"));
    Path file = converted(root);
    // The inode of an entry stands 16 bytes before its name: the root is its own grandchild.
    byte[] image = Files.readAllBytes(file);
    image[nameOf(image, "cycle") - 16] = 1;
    Files.write(file, image);

    String line =
        command.replace("FILE", file.toString()).replace("OUT", directory.resolve("o").toString());
    assertThat(run(line.split(" "))).isEqualTo(command.startsWith("diff") ? 2 : 1);
    assertThat(err()).contains("expected a directory of one parent, found inode 1 again");
    assertThat(err()).hasLineCount(1);
  }

  @Test
  void aNameTwiceIsNotWrittenThroughASymlink() throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createSymbolicLink(root.resolve("link"), outside);
    Files.createSymbolicLink(Files.createDirectory(root.resolve("lins")).resolve("evil"), outside);
    Path file = converted(root);
    byte[] image = Files.readAllBytes(file);
    image[nameOf(image, "lins") + 3] = 'k';
    Files.write(file, image);

    Path into = directory.resolve("o");
    assertThat(run("extract", file.toString(), "-o", into.toString())).isOne();
    assertThat(err()).contains("something of that name is there already").hasLineCount(1);
    run("extract", file.toString(), "--force", "-o", into.toString());
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void symlinksInACircleEnd() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(root.resolve("b"), Path.of("/a"));
    Path file = converted(root);
    assertThat(run("cat", file.toString(), "/a")).isOne();
    assertThat(err()).contains("/a: expected at most 40 symlinks on the way").hasLineCount(1);
    assertThat(run("stat", file.toString(), "/a")).isZero();
  }

  @Test
  void aSplitImageIsReadWithItsBackingFile() throws IOException {
    String split = directory.resolve("split.daxfs").toString();
    String data = directory.resolve("split.data").toString();
    String[] convert = {"convert", "oci:../examples/hello-image", "-q", "-o", split};
    assertThat(run(with(convert, "--backing", data))).isZero();

    for (String command :
        new String[] {
          "ls -lR FILE",
          "cat FILE /etc/passwd",
          "find FILE -ls",
          "du --apparent-size FILE",
          "extract FILE -o -",
          "diff FILE oci:../examples/hello-image -q",
          "inspect --full FILE",
          "inspect --tree FILE",
        }) {
      assertThat(runOnHello(command)).as(err()).isZero();
      byte[] expected = out.toByteArray();
      assertThat(run((command.replace("FILE", split) + " --backing " + data).split(" ")))
          .as(err())
          .isZero();
      assertThat(out.toByteArray()).as(command).isEqualTo(expected);
    }
    for (String command : new String[] {"ls -lR FILE", "du FILE", "find FILE -ls"}) {
      assertThat(runOnHello(command + " --view daxfs")).isZero();
      byte[] expected = out.toByteArray();
      assertThat(run(command.replace("FILE", split).split(" "))).as(err()).isZero();
      assertThat(out.toByteArray()).as(command).isEqualTo(expected);
    }
    run("stat", split, "/etc/passwd");
    assertThat(out()).contains("74 bytes at ").contains(" of the backing file");
    for (String command :
        new String[] {
          "cat FILE /etc/passwd",
          "extract FILE -o " + directory.resolve("x"),
          "diff FILE " + hello,
          "inspect --tree FILE",
          "inspect --full FILE",
        }) {
      assertThat(run(command.replace("FILE", split).split(" "))).as(command).isEqualTo(2);
      assertThat(err()).contains("expected --backing with the file").hasLineCount(1);
      assertThat(out()).isEmpty();
    }
    assertThat(directory.resolve("x")).doesNotExist();
    assertThat(run("ls", split, "--view", "erofs")).isOne();
    assertThat(err()).contains("expected an EROFS view, found none: a backing file has it");
    assertThat(run("diff", split, split, "--backing", data, "--backing", data)).isZero();
    assertThat(run("diff", split, hello.toString(), "--backing", data, "--backing", data))
        .isEqualTo(2);
    assertThat(err()).contains("--backing: expected one for each split image");
    assertThat(run("cat", split, "/etc/passwd", "--backing", hello.toString())).isOne();
    assertThat(err()).contains("expected the backing file of ").hasLineCount(1);
    assertThat(runOnHello("ls FILE --backing " + data)).isOne();
    assertThat(err()).contains("expected a split image for the backing file").hasLineCount(1);
  }

  private static String[] with(String[] words, String... more) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void anEmptyImageHasARootUntilItIsWrittenTo() throws IOException {
    Path empty = directory.resolve("empty.daxfs");
    assertThat(run("create-empty", "-q", empty.toString(), "--size", "2M")).as(err()).isZero();
    assertThat(run("ls", "-ld", empty.toString(), "/")).as(err()).isZero();
    assertThat(out()).isEqualTo("drwxr-xr-x 2 0 0 0 - /\n");
    assertThat(run("find", empty.toString())).isZero();
    assertThat(out()).isEqualTo("/\n");
    assertThat(run("diff", empty.toString(), empty.toString())).isZero();
    assertThat(run("cat", empty.toString(), "/x")).isOne();
    assertThat(err()).contains("/x: expected something there, found nothing");

    // The pool's use, in the header of the overlay region, which stands behind the superblock.
    byte[] image = Files.readAllBytes(empty);
    assertThat(image[4096 + 32]).isEqualTo((byte) 32);
    image[4096 + 32] = 64;
    Files.write(empty, image);
    assertThat(run("ls", empty.toString())).isOne();
    assertThat(err()).contains("found 64 bytes written there, which only a mount shows");
    image[4096] = 0;
    Files.write(empty, image);
    assertThat(run("ls", empty.toString())).isOne();
    assertThat(err()).contains("expected the root directory, found none").hasLineCount(1);
  }

  /** A tree as DAXFS alone. */
  private Path converted(Path root) {
    Path file = directory.resolve("made.daxfs");
    int exit = run("convert", "dir:" + root, "--no-erofs", "-q", "-o", file.toString());
    assertThat(exit).as(err()).isZero();
    return file;
  }

  /** Where a directory entry's name stands: behind its length and six zeros. */
  private static int nameOf(byte[] image, String name) {
    String text = new String(image, ISO_8859_1);
    int at = text.indexOf((char) name.length() + "\0\0\0\0\0\0\0" + name + "\0");
    assertThat(at).isPositive();
    return at + 8;
  }
}

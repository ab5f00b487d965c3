package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line on the image in examples/: what it says, and how it ends. */
class MainTest {
  private static final String HELLO = "oci:../examples/hello-image";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private byte[] in = new byte[0];

  @TempDir private Path directory;

  private int run(String... args) {
    return Main.run(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        new ByteArrayInputStream(in),
        Map.of("HOME", directory.toString()),
        args);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String file() {
    return directory.resolve("hello.daxfs").toString();
  }

  private void convert() {
    assertThat(run("convert", HELLO, "-q", "-o", file())).as(err()).isZero();
  }

  @Test
  void convertTellsEachLayerAndWhatWasMade() {
    assertThat(run("pull-and-convert", HELLO, "-o", file())).isZero();

    assertThat(err())
        .isEqualTo(
            """
            layer 2 of 2 (sha256:b04e23d91634): 313 bytes, 5.5 KiB unpacked, 6 entries
            layer 1 of 2 (sha256:bb47f5513a66): 662 bytes, 15.0 KiB unpacked, 20 entries
            """);
    assertThat(out().lines())
        .element(0)
        .asString()
        .matches(java.util.regex.Pattern.quote(file()) + ": .* KiB, [0-9,]+ bytes");
    assertThat(out())
        .contains("  holds      8 files, 10 directories, 2 symlinks\n")
        .contains("  sharing    saves 4.0 KiB: equal files are stored once\n")
        .contains(
            "  left out   all times, xattrs of 0 files, 1 special file from DAXFS; the EROFS view"
                + " has them; to list them: daxconv inspect --left-out "
                + file()
                + "\n")
        .contains("  next       daxconv mount-spec " + file() + " --containers 2\n");
  }

  @Test
  void quietSaysNothing() {
    convert();

    assertThat(out()).isEmpty();
    assertThat(err()).isEmpty();
  }

  @Test
  void jsonSaysTheSameToPrograms() throws IOException {
    assertThat(run("convert", HELLO, "--json", "-q", "-o", file())).isZero();

    JsonNode json = new ObjectMapper().readTree(out());
    assertThat(json.get("size").asLong()).isEqualTo(Files.size(Path.of(file())));
    assertThat(json.get("regular_files").asInt()).isEqualTo(8);
    assertThat(json.get("saved_bytes").asInt()).isEqualTo(4096);
    assertThat(json.at("/left_out/special_files").asInt()).isEqualTo(1);
    assertThat(json.at("/left_out/held_by_erofs_view").asBoolean()).isTrue();
    assertThat(json.get("erofs_view").asBoolean()).isTrue();
  }

  @Test
  void withoutAnErofsViewWhatIsLeftOutIsGone() throws IOException {
    assertThat(run("convert", HELLO, "--no-erofs", "-o", file())).isZero();
    assertThat(out())
        .contains("1 special file; without an EROFS view nothing mounts them; to list them: ");

    out.reset();
    assertThat(run("inspect", file())).isZero();
    assertThat(out()).contains("1 special file; without an EROFS view nothing mounts them; to");

    out.reset();
    assertThat(run("convert", HELLO, "--no-erofs", "--json", "-q", "-o", file())).isZero();
    JsonNode json = new ObjectMapper().readTree(out());
    assertThat(json.get("erofs_view").asBoolean(true)).isFalse();
    assertThat(json.at("/left_out/held_by_erofs_view").asBoolean(true)).isFalse();
  }

  @Test
  void theNextCommandNamesAFileThatLooksLikeAnOption() throws IOException {
    Path odd = Path.of("-x y.daxfs");
    try {
      assertThat(run("convert", HELLO, "--output=" + odd)).as(err()).isZero();
      assertThat(out()).contains("  next       daxconv mount-spec './-x y.daxfs' --con");
    } finally {
      Files.deleteIfExists(odd);
    }
  }

  @Test
  void verifyFindsNothingInAConvertedImageAndTheSameTreeInItsSource() {
    convert();

    assertThat(run("verify", file(), "--against", HELLO)).as(err()).isZero();
    assertThat(out()).contains("sound, and the same tree as " + HELLO);
  }

  @Test
  void verifyAgainstAnotherImageNamesThePaths() throws IOException {
    convert();
    Path other = Files.createDirectories(directory.resolve("other/etc"));
    Files.writeString(other.resolve("passwd"), "nobody");

    assertThat(run("verify", file(), "--against", "dir:" + other.getParent())).isOne();
    assertThat(out()).contains("size-differs: /etc/passwd").contains("path-unexpected: /usr");
  }

  @Test
  void verifyTellsWhereAnImageIsBroken() throws IOException {
    convert();
    byte[] bytes = Files.readAllBytes(Path.of(file()));
    bytes[4] = 7;
    Files.write(Path.of(file()), bytes);

    assertThat(run("verify", file())).isOne();
    assertThat(out()).startsWith("superblock-version: byte 4: expected version 8, found 7\n");
  }

  @Test
  void inspectShowsTheImagesConfigAndWhatWasLeftOut() {
    convert();

    assertThat(run("inspect", file())).isZero();
    assertThat(out())
        .contains(
            "  image     "
                + " sha256:8cdd0ffe58c71e59487e348fafd16e08227300b0e10c9a8520100cc5d6b507b7\n")
        .contains("  config     Entrypoint [\"/usr/bin/hello\"]\n");

    assertThat(run("inspect", "--left-out", file())).isZero();
    assertThat(out()).contains("character-device\t/home/hello/null\t0666\t0:0\t1:3\n");

    assertThat(run("inspect", "--tree", file())).isZero();
    assertThat(out()).contains("/home/hello\td\t0755\t1000\t1000\t-\t-\t-\n");
  }

  @Test
  void aFlatTarComesFromStandardInput() throws IOException {
    in = new byte[1024];

    assertThat(run("convert", "tar:-", "-q", "-o", file())).as(err()).isZero();
    assertThat(run("inspect", "--tree", file())).isZero();
    assertThat(out()).isEqualTo("/\td\t0755\t0\t0\t-\t-\t-\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "convert oci:/nowhere -o x| 1| oci:/nowhere: expected a directory, found nothing",
        "convert tar:/nowhere -o x| 1| tar:/nowhere: expected a file, found nothing",
        "convert Bad -o x| 1| image reference: expected",
        "convert oci:../examples/hello-image:none -o x| 1| no image \"none\"; it has \"latest\"",
        "convert oci:../examples/hello-image -o /nowhere/x| 1| expected its directory to exist",
        "convert oci:../examples/hello-image| 2| expected either -o or --to, found neither",
        "convert a -o x --page-size 5000| 2| page size: expected 4096, 16384 or 65536, found 5000",
        "convert a -o x --overlay 1X| 2| overlay: expected a size such as 4096, 64M or 2G, found"
            + " 1X",
        "convert a -o x --overlay 1M --buckets 3| 2| buckets: expected a power of two",
        "convert a -o x --buckets 8| 2| buckets: expected --overlay too, found none",
        "convert a -o x --overlay 1M --no-overlay| 2| expected --no-overlay, or --overlay and",
        "convert a -o x --pcache-slots 8| 2| pcache-slots: expected a backing file",
        "convert a -o x --backing y --pcache-slots 4| 2| pcache-slots: expected a power of two from"
            + " 8",
        "convert a -o x --align-large 3M| 2| align-large: expected a power of two from 64K to 1G",
        "convert a -o x --uid-shift 4294967295| 2| uid-shift: expected 0 to 4294967294, found",
        "convert a -o x --add a:b| 2| add: expected SRC:DEST[:MODE]",
        "pack -o x| 2| Missing required parameter: '[NAME=]IMAGE'",
        "pack a b/a -o x| 2| image b/a: expected a name of its own, found a again; say NAME=IMAGE",
        "create-empty x --size 4K| 2| size: expected at least 1060864 for all regions, found 4096",
        "create-empty x --size 2M --overlay 1M| 2| size: expected --size for the file or --overlay",
        "create-empty x --page-size 5000| 2| page size: expected 4096, 16384 or 65536, found 5000",
        "convert a -o x --jobs 0| 2| jobs: expected at least 1, found 0",
        "verify| 2| Missing required parameter: 'FILE'",
        "verify /nowhere| 2| /nowhere: expected a file that can be read, found nothing; see daxconv"
            + " v",
        "verify /dev| 2| /dev: expected a file that can be read, found a directory",
        "verify /dev/null| 2| /dev/null: expected a file that can be read, found a special file",
        "inspect /nowhere| 2| /nowhere: expected a file that can be read, found nothing",
        "inspect --tree --json pom.xml| 2| --tree, --json are mutually exclusive",
        "inspect -q pom.xml| 2| Unknown option: '-q'",
        "convert a -o x --platform linux| 2| --platform: expected os/arch",
        "convert dir:/ -o x --platform linux/arm64| 2| --platform: expected an image of some",
        "convert tar:- -o x --platform linux/arm64| 2| --platform: expected an image of some",
        "convert a -o x --creds a:b --creds-stdin| 2| expected --creds or --creds-stdin, found"
            + " both",
        "convert a -o x --creds :b| 2| --creds: expected USER[:PASS], found no user",
        "convert tar:- -o x --creds-stdin| 2| standard input: expected one use of it",
        "verify pom.xml --against dir:/ --platform a/b| 2| --platform: expected an image of some",
        "inspect src/main/aot/java.options| 1| expected at least 4096 bytes, a superblock",
        "mount-spec src/main/aot/java.options| 1| expected at least 4096 bytes, a superblock",
        "nonsense| 2| Unmatched argument at index 0: 'nonsense'",
      })
  void whatIsWrongGetsOneLine(String command, int exit, String message) {
    assertThat(run(command.split(" "))).isEqualTo(exit);
    assertThat(err()).startsWith("daxconv: ").contains(message).hasLineCount(1);
    assertThat(out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--containers 0",
        "--target nowhere",
        "--view daxfs --target phys:0x100000000:1000",
        "--name a/b",
        "--view erofs --target dma-buf",
        "--names a,a",
        "--names base",
        "--upper tmpfs:0",
        "--upper none --volatile",
        "--metacopy --redirect-dir off",
        "--userxattr --redirect-dir on",
        "--selinux-context a\"b",
        "--id-map 0:1",
        "--id-map 0:100000:65536",
        "--id-map 0:100000:65536 --format json --view daxfs",
        "--merged /run/x --root /run/x/c1/upper",
        "--format systemd",
        "--format kernel-cmdline",
        "--format qemu --view daxfs",
        "--id-map 0:100000:65536 --format qemu",
        "--id-map 0:100000:65536 --format cloud-hypervisor",
        "--id-map 0:100000:65536 --format firecracker -o /nowhere/x",
        "--id-map 0:100000:65536 --format kernel-cmdline --target pmem:/dev/pmem0",
        "--names a,b -n 1",
        "--names a -n 0",
        "--image a",
      })
  void aPlanThatCannotBeIsMisuse(String options) {
    convert();

    String command = "mount-spec " + file() + " " + options;
    assertThat(run(command.split(" "))).isEqualTo(2);
    assertThat(err()).startsWith("daxconv: ").hasLineCount(1);
    assertThat(out()).isEmpty();
  }

  @Test
  void namesAndTheirNumberMayBothBeSaid() {
    convert();
    assertThat(run("mount-spec", file(), "--names", "a,b", "-n", "2")).as(err()).isZero();
    assertThat(out()).contains("\nnames='a b'\n");
    assertThat(misuse("mount-spec", file(), "--names", "a,b", "-n", "3"))
        .contains("--containers: expected the number of --names, 2, or nothing, found 3");
  }

  @Test
  void oneOfSeveralImagesIsNamed() {
    assertThat(run("pack", "b=" + HELLO, "a=" + HELLO, "-q", "-o", file())).as(err()).isZero();
    for (String command : new String[] {"mount-spec", "up"}) {
      assertThat(misuse(command, file()))
          .contains("hello.daxfs\": expected --image NAME, one of \"a\", \"b\", found none");
      assertThat(misuse(command, file(), "--image", "c"))
          .contains("hello.daxfs\": --image: expected one of \"a\", \"b\", found \"c\"");
      assertThat(misuse(command, file(), "--image", ""))
          .contains("--image: expected one of \"a\", \"b\", found \"\"");
    }
    assertThat(misuse("mount-spec", file(), "--image", "b", "--format", "qemu"))
        .contains("format qemu: expected a file of one image, whose root is what boots, found");
    assertThat(run("mount-spec", file(), "--image", "b", "--format", "json")).as(err()).isZero();
    assertThat(out())
        .contains("\"name\" : \"hello-b\"")
        .contains("\"packed\" : \"b\"")
        .contains("\"lower\" : \"/run/daxconv/hello-b/base/b\"");

    convert();
    assertThat(misuse("up", file(), "--image", "a"))
        .contains("expected a file of several images for --image \"a\", found one image");
  }

  /** The one line that it says. */
  private String misuse(String... command) {
    out.reset();
    err.reset();
    assertThat(run(command)).isEqualTo(2);
    assertThat(err()).startsWith("daxconv: ").hasLineCount(1);
    assertThat(out()).isEmpty();
    return err();
  }

  /** The same without which help to see. */
  private String refusal(String... command) {
    return misuse(command).replaceFirst("; see daxconv [a-z-]+ --help\n$", "");
  }

  @Test
  void imagesThatCannotBeSharedHaveNoPlan() {
    String data = directory.resolve("data").toString();
    assertThat(run("convert", HELLO, "-q", "-o", file(), "--backing", data)).as(err()).isZero();
    String split = refusal("mount-spec", file());
    assertThat(split).contains("expected an image that holds its data, found a split one");
    String to = directory.toString();
    assertThat(refusal("up", file())).isEqualTo(split);
    assertThat(refusal("up", file(), "--view", "daxfs")).isEqualTo(split);
    assertThat(refusal("mount", file(), to)).isEqualTo(split);

    err.reset();
    assertThat(run("verify", file(), "--backing", data, "--against", HELLO, "-q")).isZero();
    assertThat(run("inspect", file())).isZero();
    assertThat(out())
        .contains("  mode       split: the data of files is in a backing file; 16 slots");

    assertThat(run("create-empty", file(), "-q", "--overlay", "1M")).isZero();
    String empty = refusal("mount-spec", file());
    assertThat(empty).contains("expected an image with a base to share, found an empty one");
    assertThat(refusal("up", file())).isEqualTo(empty);
    assertThat(refusal("mount", file(), to)).isEqualTo(empty);
  }

  @Test
  void verifyAgainstComparesWhatDaxfsCannotHold() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    assertThat(run("convert", "dir:" + root, "-q", "-o", file())).as(err()).isZero();
    ProcessBuilder fifo = new ProcessBuilder("mkfifo", root.resolve("pipe").toString());
    assertThat(waitFor(fifo)).isZero();

    assertThat(run("verify", file(), "--against", "dir:" + root)).isOne();
    assertThat(out()).contains("special-file-differs: /pipe: expected fifo 0");
  }

  private static int waitFor(ProcessBuilder command) throws IOException {
    try {
      return command.inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}

package io.daxconv.cli.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.cli.Main;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.testing.RequiresTools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images in all modes, made of Debian packages: what reading commands say of them, {@code verify}
 * with their source, and what a mount shows.
 */
@RequiresTools(
    value = {"umoci", "dpkg", "setcap", "find", "stat", "getfattr", "mount"},
    root = true,
    filesystems = "erofs")
@ExtendWith(ReadImage.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReadingModesTest {
  private static final String[] FILES = {
    "/usr/bin/bash", "/data/page-and-a-byte", "/data/empty", "/data/zeros"
  };

  /** Commands whose words for an image are the same in each mode; FILE is the image. */
  private static final List<String> SAID =
      List.of(
          "ls -lR FILE",
          "find FILE -ls",
          "du --apparent-size -a FILE",
          "inspect --tree FILE",
          "inspect --full FILE",
          "inspect --left-out FILE",
          "cat FILE " + String.join(" ", FILES));

  private Path directory;
  private RealImage source;
  private Path usual;
  private List<String> tree;

  /** What each command says of the usual image. */
  private final Map<String, String> said = new HashMap<>();

  private String places;
  private byte[] extracted;

  @BeforeAll
  void readAsUsual(ReadImage image, @TempDir(cleanup = CleanupMode.ALWAYS) Path temporary)
      throws Exception {
    directory = temporary;
    source = image.source();
    usual = image.image();
    tree = image.mounted();
    for (String command : SAID) {
      said.put(command, say(command, usual));
      assertThat(said.get(command)).as(command).isNotEmpty();
    }
    places = places(usual);
    extracted = extracted(usual, "/");
  }

  private Path convert(String name, String... options) throws IOException {
    Path image = directory.resolve(name + ".daxfs");
    run("convert", with(options, source.reference(), "-q", "-o", image.toString()));
    return image;
  }

  private List<String> mounted(Path image) throws Exception {
    try (ErofsMount mount = ErofsMount.of(image, directory.resolve("mnt"))) {
      return FullListing.of(mount.directory());
    }
  }

  private static String[] with(String[] some, String... others) {
    List<String> all = new ArrayList<>(List.of(others));
    all.addAll(List.of(some));
    return all.toArray(String[]::new);
  }

  private Daxconv daxconv(String command, String... arguments) throws IOException {
    return Daxconv.run(directory.resolve("home"), with(arguments, command));
  }

  private String run(String command, String... arguments) throws IOException {
    return daxconv(command, arguments).output();
  }

  private void sameAsSource(Path image, String... options) throws IOException {
    assertThat(run("verify", with(options, image.toString(), "--against", source.reference())))
        .contains(": sound, and the same tree as ");
    assertThat(run("diff", with(options, image.toString(), source.reference(), "-q"))).isEmpty();
  }

  private String say(String command, Path image, String... options) throws IOException {
    String[] words = command.replace("FILE", image.toString()).split(" ", -1);
    return Daxconv.run(directory.resolve("home"), with(options, words)).output();
  }

  /** What each command says is what it says of the usual image. */
  private void readsAsUsual(Path image, String... options) throws IOException {
    for (String command : SAID) {
      assertThat(say(command, image, options)).as(command).isEqualTo(said.get(command));
    }
    assertThat(places(image, options)).isEqualTo(places);
    assertThat(extracted(image, "/", options)).isEqualTo(extracted);
  }

  /** Of some files, without what is each image's own. */
  private String places(Path image, String... options) throws IOException {
    return run("stat", with(options, with(FILES, image.toString())))
        .replaceAll("(data .* at |inode +).*", "$1");
  }

  /** The SHA-256 of the tar of a directory. */
  private byte[] extracted(Path image, String path, String... options) throws IOException {
    String[] words = with(options, "extract", image.toString(), path, "-o", "-");
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (PrintStream out =
        new PrintStream(new DigestOutputStream(OutputStream.nullOutputStream(), hash))) {
      int exit =
          Main.run(
              out,
              new PrintStream(err, true, UTF_8),
              InputStream.nullInputStream(),
              Map.of("HOME", directory.toString()),
              words);
      assertThat(exit).as(err.toString(UTF_8)).isZero();
    }
    return hash.digest();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--overlay 4M --buckets 64",
        "--align-large 2M",
        "--page-size 16384",
        "--page-size 65536"
      })
  void aModeWithAllDataInTheFile(String options) throws Exception {
    Path image = convert("whole", options.split(" ", -1));
    sameAsSource(image);
    readsAsUsual(image);
    assertThat(mounted(image)).isEqualTo(tree);
  }

  @Test
  void splitWithItsBackingFile() throws Exception {
    String data = directory.resolve("split.data").toString();
    Path image = convert("split", "--backing", data);

    sameAsSource(image, "--backing", data);
    readsAsUsual(image, "--backing", data);
    assertThat(mounted(Path.of(data))).isEqualTo(tree);
    assertThat(run("ls", "-lR", image.toString()))
        .isEqualTo(run("ls", "-lR", "--view", "daxfs", usual.toString()));
    assertThat(run("find", image.toString(), "-ls"))
        .isEqualTo(run("find", "--view", "daxfs", usual.toString(), "-ls"));
    assertThat(run("du", "-s", image.toString()))
        .isEqualTo(run("du", "-s", "--view", "daxfs", usual.toString()));

    // One byte of the middle of a file.
    long at = size(image, "/usr/bin/bash") / 2 + offset(image, "/usr/bin/bash");
    invert(Path.of(data), at);
    assertThat(differing(image, "--backing", data)).contains("backing-digest: ");
    Path usualBroken = directory.resolve("broken.daxfs");
    Files.copy(usual, usualBroken);
    invert(usualBroken, size(usual, "/usr/bin/bash") / 2 + offset(usual, "/usr/bin/bash"));
    assertThat(differing(usualBroken)).contains("content-differs: /usr/bin/bash: ");
  }

  private long size(Path image, String path) throws IOException {
    return number(run("stat", image.toString(), path), "(?s).* size +([0-9,]+) bytes.*");
  }

  private long offset(Path image, String path) throws IOException {
    return number(run("stat", image.toString(), path), "(?s).* data .* at ([0-9,]+).*");
  }

  private static long number(String text, String pattern) {
    return Long.parseLong(text.replaceFirst(pattern, "$1").replace(",", ""));
  }

  private static void invert(Path file, long at) throws IOException {
    try (var channel =
        Files.newByteChannel(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var one = java.nio.ByteBuffer.allocate(1);
      channel.position(at).read(one);
      one.put(0, (byte) ~one.get(0)).flip();
      channel.position(at).write(one);
    }
  }

  private String differing(Path image, String... options) throws IOException {
    return differingFrom(image, source.reference(), options);
  }

  private String differingFrom(Path image, String against, String... options) throws IOException {
    Daxconv found = daxconv("verify", with(options, image.toString(), "--against", against));
    assertThat(found.exit()).as(found.err()).isOne();
    return found.out();
  }

  @Test
  void ownersShifted() throws Exception {
    Path image = convert("shifted", "--uid-shift", "100000");

    assertThat(run("verify", image.toString(), "--against", source.reference()))
        .contains(" with owners shifted by 100000");
    assertThat(mounted(image)).isEqualTo(tree.stream().map(ReadingModesTest::shifted).toList());
    assertThat(run("find", image.toString(), "-uid", "100000", "-gid", "100000"))
        .isEqualTo(run("find", usual.toString(), "-uid", "0", "-gid", "0"));
    assertThat(run("ls", "-lR", image.toString()).lines().filter(line -> line.contains(" 0 0 ")))
        .isEmpty();
    // The tree of another image, however it was shifted.
    assertThat(differingFrom(image, "oci:../examples/hello-image")).contains("path-missing: /home");
  }

  /** The fourth field of a listing is {@code uid:gid}; groups past 2^32 are not in the image. */
  private static String shifted(String line) {
    String[] fields = line.split(" ", -1);
    for (int i = 1; i < fields.length; i++) {
      if (fields[i].matches("[0-9]+:[0-9]+") && fields[i - 1].matches("[0-7]+")) {
        String[] ids = fields[i].split(":", 2);
        fields[i] = (Long.parseLong(ids[0]) + 100000) + ":" + (Long.parseLong(ids[1]) + 100000);
        break;
      }
    }
    return String.join(" ", fields);
  }

  @Test
  void withFilesAdded() throws Exception {
    Path host = Files.createDirectories(directory.resolve("host/in"));
    Files.writeString(host.resolve("one"), "one");
    Files.writeString(host.resolve("passwd"), "replaced");
    Path image =
        convert(
            "added",
            "--add",
            host.resolve("one") + ":/new/way/init:0755",
            "--add",
            host + ":/etc",
            "--add",
            host.resolve("one") + ":/usr/bin/bash-copy");

    assertThat(run("verify", image.toString(), "--against", source.reference()))
        .contains(": sound, and the same tree as ")
        .contains(" but for 4 paths added; ");
    assertThat(run("cat", image.toString(), "/new/way/init", "/etc/passwd", "/etc/one"))
        .isEqualTo("onereplacedone");
    assertThat(run("ls", "-l", image.toString(), "/new/way")).startsWith("-rwxr-xr-x 1 0 0 3 1970");
    assertThat(daxconv("diff", usual.toString(), image.toString()).out().lines())
        .hasSize(6)
        .anyMatch(line -> line.equals("added /new/way/init"))
        .anyMatch(line -> line.startsWith("changed /etc/passwd: content "));
    assertThat(mounted(image)).hasSize(tree.size() + 4);

    // What was added is what the annex says, in bytes too; a file beside it is not excused.
    Path broken = directory.resolve("added-broken.daxfs");
    Files.copy(image, broken);
    invert(broken, offset(image, "/new/way/init"));
    assertThat(differing(broken)).contains("path-unexpected: /new/way/init: ");
    Files.copy(image, broken, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    invert(broken, offset(image, "/etc/debian_version"));
    assertThat(differing(broken)).contains("-differs: /etc/");
    invert(broken, offset(image, "/usr/bin/bash"));
    assertThat(differing(broken)).contains("content-differs: /usr/bin/bash: ");
  }

  @Test
  void severalInOneFile() throws Exception {
    Path image = directory.resolve("pool.daxfs");
    String hello = "oci:../examples/hello-image";
    run("pack", "real=" + source.reference(), "hello=" + hello, "-q", "-o", image.toString());

    assertThat(
            run(
                "verify",
                image.toString(),
                "--against",
                "real=" + source.reference(),
                "--against",
                "hello=" + hello))
        .contains(": sound, and the same tree as real=");
    assertThat(run("verify", image.toString(), "--against", "hello=" + hello))
        .contains("; not compared: real; ");
    assertThat(differingFrom(image, "real=" + hello))
        .contains("path-unexpected: /real/usr/bin/bash: ");
    Daxconv unknown = daxconv("verify", image.toString(), "--against", "other=" + hello);
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("expected NAME=IMAGE with a NAME of [hello, real]");

    try (ErofsMount mount = ErofsMount.of(image, directory.resolve("mnt"))) {
      List<String> packed = FullListing.of(mount.directory().resolve("real"));
      assertThat(packed).isEqualTo(tree);
    }
    assertThat(extracted(image, "/real")).isEqualTo(extracted);
    assertThat(run("cat", image.toString(), "/hello/etc/passwd"))
        .isEqualTo(Files.readString(extractedPasswd(hello)));
  }

  private Path extractedPasswd(String reference) throws IOException {
    Path image = directory.resolve("hello.daxfs");
    run("convert", reference, "-q", "-o", image.toString());
    Path into = directory.resolve("hello");
    run("extract", image.toString(), "/etc", "-o", into.toString());
    return into.resolve("passwd");
  }
}

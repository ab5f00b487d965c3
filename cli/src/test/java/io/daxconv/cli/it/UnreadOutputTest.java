package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How commands end that cannot write their results, started by the launcher: quietly where the
 * reader has closed a pipe, by one line elsewhere.
 */
@RequiresTools({"find", "head", "mkfifo", "sh"})
final class UnreadOutputTest {
  private static final int UNREAD = 141;
  private static final String UNWRITTEN = "daxconv: standard output: cannot be written\n";

  /** More than a pipe holds and than is written before a command looks whether it is read. */
  private static final int FILES = 6000;

  @TempDir private static Path directory;
  private static Path launcher;

  @BeforeAll
  static void makeImage() throws Exception {
    launcher = launcher();
    Path root = Files.createDirectories(directory.resolve("root/below"));
    for (int i = 0; i < FILES; i++) {
      Files.createFile(root.resolve("a-name-of-some-length-%05d".formatted(i)));
    }
    Files.write(root.resolve("large"), new byte[1 << 20]);
    convert("root", "image");
    Files.createDirectory(directory.resolve("nothing"));
    convert("nothing", "empty");
  }

  private static void convert(String root, String image) throws IOException {
    Daxconv.run(
            directory.resolve("home"),
            "convert",
            "dir:" + directory.resolve(root),
            "-q",
            "-o",
            directory.resolve(image).toString())
        .output();
  }

  /** In a tree of its own, with a jar that leads to the classes of this build. */
  private static Path launcher() throws IOException {
    Path base = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    Path tree = directory.resolve("tree");
    for (String module : List.of("converter", "oci", "cli")) {
      Files.createDirectories(tree.resolve(module).resolve("src/main"));
      Files.createFile(tree.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(tree.resolve("pom.xml"));
    Path options = Files.createDirectories(tree.resolve("cli/src/main/aot"));
    Files.copy(base.resolve("src/main/aot/java.options"), options.resolve("java.options"));
    Files.createDirectories(tree.resolve("cli/target/lib"));
    Files.createFile(tree.resolve("cli/target/lib/daxconv-converter-1.jar"));
    Files.createFile(tree.resolve("cli/target/lib/daxconv-oci-1.jar"));
    makeJar(tree.resolve("cli/target/daxconv-cli-1.jar"));
    Path launcher = tree.resolve("daxconv");
    Files.copy(base.resolve("../daxconv"), launcher);
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    return launcher;
  }

  private static void makeJar(Path jar) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, "io.daxconv.cli.Main");
    attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Stream.of(classes.split(":", -1))
            .map(path -> Path.of(path).toUri().toString())
            .collect(Collectors.joining(" ")));
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }

  /** How the launcher ended, and what it said on standard error. */
  private record Ended(int exit, String err) {}

  /** Runs a shell's words, in which {@code $0} is the launcher. */
  private static Ended run(String words) throws Exception {
    Path err = Files.createTempFile(directory, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", words, launcher.toString())
            .directory(directory.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile());
    builder.environment().put("DAXCONV_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(err));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls -R image",
        "ls -R --json image",
        "find image",
        "du -a --json image",
        "cat image /below/large",
        "cat --json image /below/large",
        "extract image -o -",
        "inspect --tree image",
        "diff image empty"
      })
  void aReaderThatHasEnoughEndsACommandQuietly(String command) throws Exception {
    // The exit code goes around the pipe.
    Ended ended = run("{ \"$0\" " + command + "; echo $? >code; } | head -c 1");

    assertThat(ended.err()).isEmpty();
    assertThat(directory.resolve("code")).hasContent(UNREAD + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify image", "stat image /below", "--version"})
  void aReaderThatIsGoneBeforeEndsThemAlike(String command) throws Exception {
    Ended ended =
        run(
            "rm -f pipe; mkfifo pipe; exec 3<>pipe; exec 4>pipe; exec 3>&-; \"$0\" "
                + command
                + " >&4");

    assertThat(ended).isEqualTo(new Ended(UNREAD, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ls -R image", "ls -R --json image", "cat image /below/large", "--version"})
  void aFullDiskIsTold(String command) throws Exception {
    assertThat(run("\"$0\" " + command + " >/dev/full")).isEqualTo(new Ended(1, UNWRITTEN));
  }
}

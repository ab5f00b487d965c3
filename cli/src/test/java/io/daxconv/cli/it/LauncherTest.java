package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a source tree of the test's own, with a JDK and a Maven that only note how they
 * were called: what it finds, when it builds and what it hands over.
 */
@RequiresTools({"find", "flock", "readlink", "sed"})
final class LauncherTest {
  private static final String BUILDING = "daxconv: building, which takes a minute the first time\n";
  private static final String JARS =
      """
      mkdir -p cli/target/lib
      touch cli/target/daxconv-cli-1.jar cli/target/lib/daxconv-converter-1.jar \
        cli/target/lib/daxconv-oci-1.jar
      """;

  @TempDir private Path directory;

  private Path tree;
  private Path jdk;

  @BeforeEach
  void makeTree() throws IOException {
    tree = directory.resolve("source tree");
    jdk = directory.resolve("jdk");
    for (String module : List.of("converter", "oci", "cli")) {
      Files.createDirectories(tree.resolve(module).resolve("src/main"));
      Files.createFile(tree.resolve(module).resolve("pom.xml"));
      Files.createFile(tree.resolve(module).resolve("src/main/A.java"));
    }
    Files.createFile(tree.resolve("pom.xml"));
    Files.copy(Path.of(System.getProperty("basedir", ""), "../daxconv"), tree.resolve("daxconv"));
    assertThat(tree.resolve("daxconv").toFile().setExecutable(true)).isTrue();
    makeJdk(jdk, "25.0.3");
    program("jdk/bin/java", "for last; do :; done; echo \"$last in $PWD: $(cat)\"");
    program("bin/mvn", "echo called >>'" + directory + "/mvn.log'; cat >&2; " + JARS);
  }

  @Test
  void buildsOnceAndHandsOver() throws Exception {
    assertThat(launch("an argument"))
        .isEqualTo(
            new Launch(0, "an argument in " + directory.toRealPath() + ": stdin\n", BUILDING));
    assertThat(launch("x").err()).isEmpty();
    assertThat(builds()).isOne();
  }

  @Test
  void buildsAgainWhatHasChanged() throws Exception {
    assertThat(launch("x").err()).isEqualTo(BUILDING);
    Files.setLastModifiedTime(
        tree.resolve("oci/src/main/A.java"), FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(launch("x").err()).isEqualTo(BUILDING);
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void leavesABuildByMavenAlone() throws Exception {
    Process maven = new ProcessBuilder("sh", "-c", JARS).directory(tree.toFile()).start();
    assertThat(maven.waitFor()).isZero();
    assertThat(launch("x").err()).isEmpty();
  }

  @Test
  void isFoundBehindSymlinks() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("bin/link"), Path.of("../second"));
    Files.createSymbolicLink(directory.resolve("second"), Path.of("source tree/daxconv"));
    assertThat(launch(link, Map.of("DAXCONV_JAVA_HOME", jdk.toString()), "x").exit()).isZero();
  }

  @Test
  void namesTheLogOfAFailedBuild() throws Exception {
    program("bin/mvn", "echo broken; exit 1");
    Path log = tree.toRealPath().resolve("target/daxconv-build.log");
    assertThat(launch("x"))
        .isEqualTo(
            new Launch(1, "", BUILDING + "daxconv: the build failed, " + log + " says why\n"));
    assertThat(log).hasContent("broken");
  }

  @Test
  void refusesAnOlderJdkThatIsAskedFor() throws Exception {
    Path older = directory.resolve("older");
    makeJdk(older, "24.0.1");
    assertThat(launch(tree.resolve("daxconv"), Map.of("DAXCONV_JAVA_HOME", older.toString()), "x"))
        .isEqualTo(
            new Launch(
                1,
                "",
                "daxconv: DAXCONV_JAVA_HOME: expected a JDK 25 or later, found " + older + "\n"));
  }

  @Test
  void takesJavaHomeIfItIsNewEnough() throws Exception {
    assertThat(launch(tree.resolve("daxconv"), Map.of("JAVA_HOME", jdk.toString()), "x").out())
        .startsWith("x in ");
  }

  private record Launch(int exit, String out, String err) {}

  private Launch launch(String argument) throws Exception {
    return launch(tree.resolve("daxconv"), Map.of("DAXCONV_JAVA_HOME", jdk.toString()), argument);
  }

  private Launch launch(Path launcher, Map<String, String> environment, String argument)
      throws Exception {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Path in = Files.writeString(directory.resolve("in"), "stdin");
    ProcessBuilder builder =
        new ProcessBuilder(launcher.toString(), argument)
            .directory(directory.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_HOME", "DAXCONV_JAVA_HOME"));
    builder.environment().putAll(environment);
    builder.environment().put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
    Process process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Launch(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private long builds() throws IOException {
    return Files.readAllLines(directory.resolve("mvn.log")).size();
  }

  private void makeJdk(Path home, String version) throws IOException {
    Files.createDirectories(home);
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    String name = home.getFileName().toString();
    program(name + "/bin/java", "exit 9");
    program(name + "/bin/javac", "exit 9");
  }

  private void program(String path, String script) throws IOException {
    Path program = directory.resolve(path);
    Files.createDirectories(program.resolveSibling("."));
    Files.write(program, ("#!/bin/sh\n" + script + "\n").getBytes(StandardCharsets.UTF_8));
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }
}

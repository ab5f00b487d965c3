package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which locale the launcher starts Java, by a built tree and programs of the test's own. */
final class LauncherLocaleTest {
  @TempDir private Path directory;

  @BeforeEach
  void makeTree() throws IOException {
    Files.copy(
        Path.of(System.getProperty("basedir", ""), "../daxconv"), directory.resolve("daxconv"));
    Files.createFile(directory.resolve("pom.xml"));
    for (String module : List.of("converter", "oci", "cli")) {
      Files.createDirectories(directory.resolve(module).resolve("src/main"));
      Files.createFile(directory.resolve(module).resolve("pom.xml"));
    }
    Files.createDirectories(directory.resolve("cli/target/lib"));
    for (String jar : List.of("lib/daxconv-converter-1", "lib/daxconv-oci-1", "daxconv-cli-1")) {
      Files.createFile(directory.resolve("cli/target/" + jar + ".jar"));
    }
    program("jdk/bin/javac", "exit 9");
    program("jdk/bin/java", "echo \"$LC_ALL\"");
    Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
  }

  @Test
  void leavesALocaleWithUtf8Alone() throws Exception {
    program("bin/locale", "[ \"$1\" = charmap ] && echo UTF-8");
    assertThat(localeOfJava()).isEqualTo("en_US.UTF-8\n");
  }

  @Test
  void replacesALocaleThatIsNotInstalled() throws Exception {
    program("bin/locale", "echo 'locale: Cannot set LC_CTYPE' >&2; echo ANSI_X3.4-1968");
    assertThat(localeOfJava()).isEqualTo("C.UTF-8\n");
  }

  @Test
  void takesUtf8WhereNobodyTellsTheLocale() throws Exception {
    program("bin/locale", "exit 127");
    assertThat(localeOfJava()).isEqualTo("C.UTF-8\n");
  }

  private String localeOfJava() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", directory.resolve("daxconv").toString(), "x")
            .redirectErrorStream(true);
    builder.environment().put("DAXCONV_JAVA_HOME", directory.resolve("jdk").toString());
    builder.environment().put("LC_ALL", "en_US.UTF-8");
    builder.environment().put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output;
  }

  private void program(String path, String script) throws IOException {
    Path program = directory.resolve(path);
    Files.createDirectories(program.resolveSibling("."));
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }
}

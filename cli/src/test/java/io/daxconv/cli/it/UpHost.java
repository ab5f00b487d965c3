package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory in which plans are carried out, with an image and a state directory of its own.
 *
 * @param directory absolute
 */
record UpHost(Path directory) {
  static final String PLAN = "plan";

  /** Makes the image: a file, a directory with another, a set-user-ID program; owner 5:6. */
  static UpHost make(Path directory) throws IOException, InterruptedException {
    UpHost host = new UpHost(directory.toRealPath());
    Path lower = host.directory.resolve("lower");
    Files.createDirectories(lower.resolve("dir"));
    Files.writeString(lower.resolve("file"), "base");
    Files.writeString(lower.resolve("dir/inside"), "base");
    Tool.run(
        host.directory,
        "sh",
        "-c",
        "cp /usr/bin/id lower/id && chown -R 5:6 lower && chown 0:0 lower/id && chmod 4755 lower/id"
            + " && chmod 2751 lower");
    host.run("convert", "-q", "dir:" + lower, "-o", host.image().toString()).output();
    return host;
  }

  Path image() {
    return directory.resolve("image.daxfs");
  }

  Path root() {
    return directory.resolve("root");
  }

  Path state() {
    return directory.resolve("state");
  }

  Path journal() {
    return state().resolve(PLAN + ".journal");
  }

  Path merged(String container) {
    return root().resolve(container).resolve("merged");
  }

  Daxconv run(String... args) throws IOException {
    return Daxconv.run(directory.resolve("home"), args);
  }

  String[] upCommand(String... options) {
    List<String> args =
        new ArrayList<>(List.of("up", image().toString(), "--name", PLAN, "--root"));
    args.addAll(List.of(root().toString(), "--state", state().toString()));
    args.addAll(List.of(options));
    return args.toArray(String[]::new);
  }

  Daxconv up(String... options) throws IOException {
    return run(upCommand(options));
  }

  Daxconv down(String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("down", PLAN, "--state", state().toString()));
    args.addAll(List.of(options));
    return run(args.toArray(String[]::new));
  }

  JsonNode ps() throws IOException {
    return new ObjectMapper()
        .readTree(run("ps", "--json", "--state", state().toString()).output())
        .get("plans");
  }

  String planState() throws IOException {
    return ps().get(0).get("state").textValue();
  }

  /** The program in a process of its own, started by another program. */
  Tool.Outcome by(List<String> starter, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(starter);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("io.daxconv.cli.Main");
    command.addAll(List.of(args));
    return Tool.outcome(directory, command.toArray(String[]::new));
  }

  /** The lines of mountinfo that are about this directory. */
  List<String> mounted() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> line.contains(" " + directory + "/"))
        .toList();
  }

  void assertNothingLeft() throws IOException {
    assertThat(mounted()).isEmpty();
    assertThat(root()).doesNotExist();
    assertThat(FaultImage.names(state())).containsExactly(".lock");
  }

  /** After a test that has failed. */
  void unmountAll() throws IOException, InterruptedException {
    for (String line : mounted().reversed()) {
      Tool.outcome(Path.of("/"), "umount", "-l", line.split(" ", -1)[4].translateEscapes());
    }
  }
}

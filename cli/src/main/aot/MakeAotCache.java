import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes the AOT cache beside the program's jar: its classes, loaded and linked, so that it starts
 * sooner (JEP 483, 514). Without one the program runs all the same, only slower, so that what goes wrong here is told and the build goes on.
 *
 * <p>The argument is the build's directory, where the program's jar, {@code lib} and an archive of
 * the example image are, and where the cache goes.
 */
final class MakeAotCache {
  private MakeAotCache() {}

  public static void main(String[] args) throws Exception {
    Path target = Path.of(args[0]);
    Path module = target.resolveSibling(".").normalize();
    Path jar = programJar(target);
    Path libraries = target.resolve("lib");
    Path options = module.resolve("src/main/aot/java.options");
    Path image = module.resolveSibling("examples/hello-image");
    Path archive = target.resolve("hello-image.tar");
    Path cache = target.resolve("daxconv.aot");
    try (Stream<Path> files = Files.list(libraries)) {
      for (Path library : files.filter(file -> isPicocli(file)).toList()) {
        ClassFiles.upgrade(library);
      }
    }
    if (isCurrent(cache, jar, libraries, options)) {
      return;
    }
    Path work = Files.createTempDirectory(cache.toAbsolutePath().getParent(), "aot-training");
    Path log = Path.of(cache + ".log");
    Path made = Path.of(cache + ".new");
    List<String> command = new ArrayList<>();
    command.add(java());
    command.add("@" + options);
    // The profiles of so short a run would have compilers compete with the start that they are for.
    command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining"));
    command.addAll(List.of("-XX:AOTCacheOutput=" + made, "-cp", jar.toString()));
    command.addAll(List.of("io.daxconv.cli.Training", image.toString(), archive.toString(), work.toString()));
    ProcessBuilder training = new ProcessBuilder(command).redirectErrorStream(true);
    training.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    int exit = training.redirectOutput(log.toFile()).start().waitFor();
    remove(work);
    if (exit == 0 && Files.exists(made)) {
      Files.move(made, cache, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.deleteIfExists(cache);
      System.err.println("no AOT cache, daxconv will start slowly: " + log + " says why");
    }
  }

  private static Path programJar(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("daxconv-cli-[0-9].*\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException(target + ": expected daxconv-cli's jar, found none"));
    }
  }

  private static boolean isPicocli(Path file) {
    return file.getFileName().toString().matches("picocli-[0-9].*\\.jar");
  }

  private static boolean isCurrent(Path cache, Path jar, Path libraries, Path options)
      throws IOException {
    if (Files.notExists(cache)) {
      return false;
    }
    try (Stream<Path> files =
        Stream.concat(
            Files.list(libraries), Stream.of(jar, options, Path.of(java()).resolveSibling("../release")))) {
      long made = Files.getLastModifiedTime(cache).toMillis();
      return files.mapToLong(file -> file.toFile().lastModified()).allMatch(time -> time < made);
    }
  }

  private static String java() {
    return System.getProperty("java.home") + "/bin/java";
  }

  /** With all that the training left in it, the deepest first. */
  private static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

package io.daxconv.cli.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's docker-registry on a free port of the loopback interface, with storage of its own. */
final class LocalRegistry implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final Path directory;
  private final Process process;
  private final int port;

  private final Settings settings;

  /**
   * What else stands in its configuration.
   *
   * @param http in its part about HTTP
   * @param more behind all
   * @param status what it answers to a request with neither TLS nor a password
   */
  private record Settings(String http, String more, int status) {
    static final Settings USUAL = new Settings("", "", 200);
  }

  private LocalRegistry(Path directory, Process process, int port, Settings settings) {
    this.settings = settings;
    this.directory = directory;
    this.process = process;
    this.port = port;
  }

  /** Starts one that keeps its files in this directory, and waits until it answers. */
  static LocalRegistry start(Path directory) throws IOException, InterruptedException {
    return start(directory, 0, Settings.USUAL);
  }

  /** Starts one that asks for a password. */
  static LocalRegistry startWithPassword(Path directory, String user, String bcrypt)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path passwords = Files.writeString(directory.resolve("htpasswd"), user + ":" + bcrypt + "\n");
    String auth = "auth: {htpasswd: {realm: here, path: \"" + passwords + "\"}}";
    return start(directory, 0, new Settings("", auth, 401));
  }

  /** Starts one that warns with each answer. */
  static LocalRegistry startWithWarning(Path directory, String text)
      throws IOException, InterruptedException {
    String headers = ", headers: {Warning: ['299 - \"%s\"']}".formatted(text);
    return start(directory, 0, new Settings(headers, "", 200));
  }

  /** Starts one that speaks TLS alone. */
  static LocalRegistry startWithTls(Path directory, Path certificate, Path key)
      throws IOException, InterruptedException {
    String tls = ", tls: {certificate: \"%s\", key: \"%s\"}".formatted(certificate, key);
    return start(directory, 0, new Settings(tls, "", 400));
  }

  /** Ends it and starts another one with the same files at the same place. */
  LocalRegistry restart() throws IOException, InterruptedException {
    close();
    return start(directory, port, settings);
  }

  private static LocalRegistry start(Path directory, int wanted, Settings settings)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path config = directory.resolve("config.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: info, formatter: text, accesslog: {disabled: false}}
        storage: {filesystem: {rootdirectory: "%s"}}
        http: {addr: "127.0.0.1:%d"%s}
        %s
        """
            .formatted(directory.resolve("storage"), wanted, settings.http(), settings.more()));
    Path log = directory.resolve("registry.log");
    Process process =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      LocalRegistry registry = new LocalRegistry(directory, process, port(process, log), settings);
      registry.requireHealth(settings.status());
      return registry;
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** {@code localhost:PORT}. */
  String host() {
    return "localhost:" + port;
  }

  /** Whether it has a repository of this name. */
  boolean has(String repository) {
    return Files.exists(
        directory.resolve("storage/docker/registry/v2/repositories").resolve(repository));
  }

  /** The paths of all requests of a method since it was started, in their order. */
  List<String> requests(String method) throws IOException {
    Pattern line = Pattern.compile("\"" + method + " (\\S+) HTTP/1\\.1\"");
    return line.matcher(Files.readString(directory.resolve("registry.log")))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** Copies an image into it, as skopeo does. */
  void put(FaultImage image, String name, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("skopeo", "copy", "--quiet"));
    command.addAll(List.of(options));
    command.add("--dest-tls-verify=false");
    command.addAll(List.of(image.reference(), "docker://" + host() + "/" + name));
    Tool.run(directory, command.toArray(String[]::new));
  }

  private static int port(Process process, Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      Matcher listening = LISTENING.matcher(Files.readString(log));
      if (listening.find()) {
        return Integer.parseInt(listening.group(1));
      }
      Thread.sleep(20);
    }
    throw new IOException("docker-registry did not start: " + Files.readString(log));
  }

  private void requireHealth(int expected) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + host() + "/v2/")).timeout(START).build();
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status != expected) {
        throw new IOException("docker-registry: expected status " + expected + ", found " + status);
      }
    }
  }

  @Override
  public void close() {
    process.destroy();
    process
        .onExit()
        .orTimeout(STOP.toSeconds(), TimeUnit.SECONDS)
        .exceptionally(_ -> process.destroyForcibly())
        .join();
  }
}

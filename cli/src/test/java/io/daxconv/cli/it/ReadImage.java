package io.daxconv.cli.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * An image of Debian packages, converted and mounted once for all tests that read it.
 *
 * @param directory the tests' own; whoever uses it makes a name of its own in it
 * @param source what the image is made from
 * @param image the file
 * @param mount where it is mounted as EROFS
 * @param mounted what {@link FullListing} says of that
 */
record ReadImage(
    Path directory, RealImage source, Path image, ErofsMount mount, List<String> mounted)
    implements AutoCloseable {

  /** Gives it to a method; it is closed after the last test of all. */
  static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == ReadImage.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(ReadImage.class))
          .getOrComputeIfAbsent(ReadImage.class, _ -> make(), ReadImage.class);
    }
  }

  private static ReadImage make() {
    try {
      // Short, for Podman refuses a runroot of more than 50 characters.
      Path directory = Files.createTempDirectory("dax-");
      RealImage source = RealImage.make(directory.resolve("image"));
      Path image = directory.resolve("x.daxfs");
      Daxconv.run(directory.resolve("home"), "convert", source.reference(), "-q", "-o", image + "")
          .output();
      ErofsMount mount = ErofsMount.of(image, directory.resolve("mnt"));
      List<String> mounted = FullListing.of(mount.directory());
      assertThat(mounted).hasSizeGreaterThan(1000);
      return new ReadImage(directory, source, image, mount, mounted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    mount.close();
    try {
      Tool.run(Path.of("/"), "rm", "-rf", "--one-file-system", directory.toString());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  Path home() {
    return directory.resolve("home");
  }

  /** What a command prints, if it does what it is asked to and says nothing else. */
  byte[] run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> environment = Map.of("HOME", home().toString());
    int exit =
        Main.run(
            new PrintStream(out, false, UTF_8),
            new PrintStream(err, true, UTF_8),
            InputStream.nullInputStream(),
            environment,
            args);
    assertThat(exit).as("%s: %s", Arrays.toString(args), err).isZero();
    assertThat(err.toString(UTF_8)).isEmpty();
    return out.toByteArray();
  }

  String text(String... args) {
    return new String(run(args), UTF_8);
  }

  JsonNode json(String... command) throws IOException {
    String[] argv = Arrays.copyOf(command, command.length + 1);
    argv[command.length] = "--json";
    return new ObjectMapper().readTree(run(argv));
  }

  /** What a program prints that runs where the image is mounted. */
  byte[] printed(List<String> argv) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(argv)
            .directory(mount.directory().toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] printed = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return printed;
  }

  /** Texts with a NUL behind each, a character a byte. */
  static List<String> records(byte[] printed) {
    String text = new String(printed, ISO_8859_1);
    return text.isEmpty()
        ? List.of()
        : List.of(text.substring(0, text.length() - 1).split("\0", -1));
  }
}

package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the AOT cache is made with has to be what daxconv does. */
@Timeout(60)
class TrainingRegistryTest {
  private static final Path HELLO = Path.of("../examples/hello-image");

  @TempDir private Path directory;

  private Path convert(String image, String file, String... options) {
    Path output = directory.resolve(file);
    String[] args = new String[options.length + 4];
    args[0] = "convert";
    args[1] = image;
    args[2] = "-o";
    args[3] = output.toString();
    System.arraycopy(options, 0, args, 4, options.length);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        Main.run(
            new PrintStream(OutputStream.nullOutputStream()),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            InputStream.nullInputStream(),
            Map.of("HOME", directory.toString()),
            args);
    assertThat(exit).as("%s", err.toString(StandardCharsets.UTF_8)).isZero();
    return output;
  }

  @Test
  void hasTheImage() throws IOException {
    Path expected = convert("oci:" + HELLO, "expected.daxfs");
    try (TrainingRegistry registry = new TrainingRegistry(HELLO)) {
      Path cached = convert(registry.reference(), "cached.daxfs");
      Path streamed = convert(registry.reference(), "streamed.daxfs", "--no-cache");

      assertThat(cached).hasSameBinaryContentAs(expected);
      assertThat(streamed).hasSameBinaryContentAs(expected);
      assertThat(directory.resolve(".cache")).isNotEmptyDirectory();
    }
  }
}

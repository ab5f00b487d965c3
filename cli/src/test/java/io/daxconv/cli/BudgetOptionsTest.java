package io.daxconv.cli;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.cli.it.differential.Layout;
import io.daxconv.converter.Budget;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The options that say what an image may take, on the image in examples/. */
class BudgetOptionsTest {
  private static final String HELLO = "oci:../examples/hello-image";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  private int run(String... args) {
    return Main.run(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        InputStream.nullInputStream(),
        Map.of("HOME", directory.toString()),
        args);
  }

  private String file() {
    return directory.resolve("hello.daxfs").toString();
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--max-entries=25| entries in all layers, found 26; --max-entries allows more",
        "--max-bytes=1| bytes of files in all layers, found",
        "--max-file-size=1| bytes in one file, found",
        "--max-blob-size=661| bytes in one layer's blob, found 662; --max-blob-size allows more",
        "--max-path-depth=1| names in a path, found",
        "--max-path-length=3| bytes in a path, found",
        "--max-layers=1| layers, found 2; --max-layers allows more",
        "--max-manifest-size=10| bytes in a manifest, index or config, found 11",
      })
  void eachIsHeldAgainstTheImage(String option, String message) {
    assertThat(run("convert", HELLO, "-o", file(), option)).isOne();
    assertThat(err().lines().filter(line -> line.startsWith("daxconv: ")).toList())
        .singleElement()
        .asString()
        .contains(message)
        .contains("; " + option.substring(0, option.indexOf('=')) + " allows more");
    assertThat(directory).isEmptyDirectory();
  }

  private static Stream<Arguments> costlyLayers() {
    byte[] value = new byte[100];
    TarEntry hole =
        TarEntry.file("hole", "x").pax("GNU.sparse.map", "0,1").pax("GNU.sparse.size", "2001");
    return Stream.of(
        Arguments.of(
            tar().add(hole),
            "--max-holes=1999",
            "hole: expected at most 1999 bytes of holes in all layers, found 2000"),
        Arguments.of(
            tar().add(TarEntry.file("x", "").xattr("user.a", value)),
            "--max-entry-xattr-bytes=137",
            "x: expected at most 137 bytes of xattrs of one entry, found 138"),
        Arguments.of(
            tar()
                .add(TarEntry.file("x", "").xattr("user.a", value))
                .add(TarEntry.file("y", "").xattr("user.a", value)),
            "--max-xattr-bytes=275",
            "y: expected at most 275 bytes of xattrs in all layers, found 276"),
        Arguments.of(
            tar().add(TarEntry.file("x", "").xattr("user.a", value)),
            "--max-pax-header=100",
            "expected at most 100 bytes in an extended header, found 1"),
        Arguments.of(
            tar().add(TarEntry.file("big", "").size(2L << 30)),
            "--max-expansion=2",
            "expected at most 2 bytes of tar for each byte of the blob, found "));
  }

  @ParameterizedTest
  @MethodSource("costlyLayers")
  void eachIsHeldAgainstALayer(TarBuilder layer, String option, String message) throws IOException {
    Path layout = directory.resolve("layout");
    Layout.write(List.of(layer.build()), true, layout);
    String name = option.substring(0, option.indexOf('='));

    assertThat(run("convert", "-q", "oci:" + layout, "-o", file(), option)).isOne();

    assertThat(err())
        .startsWith("daxconv: layer 1 of 1 (")
        .contains(message)
        .endsWith("; " + name + " allows more\n")
        .hasLineCount(1);
    assertThat(directory).isDirectoryNotContaining("glob:**.{daxfs,tmp}");
  }

  @Test
  void theDepthOfIndexesIsHeldAgainstALayout() throws IOException {
    Path layout = directory.resolve("layout");
    Layout.write(List.of(tar().file("a", "1").build()), true, layout);
    Layout.nest(layout, 2);

    assertThat(run("convert", "-q", "oci:" + layout, "-o", file(), "--max-index-depth=3"))
        .as(err())
        .isZero();
    Files.delete(Path.of(file()));
    assertThat(run("convert", "-q", "oci:" + layout, "-o", file(), "--max-index-depth=1")).isOne();

    assertThat(err())
        .contains("expected at most 1 indexes in each other, found 2")
        .endsWith("; --max-index-depth allows more\n")
        .hasLineCount(1);
    assertThat(Path.of(file())).doesNotExist();
  }

  @Test
  void whatIsEnoughIsEnough() {
    assertThat(run("convert", HELLO, "-q", "-o", file(), "--max-entries", "31", "--max-bytes=1k"))
        .as(err())
        .isZero();
    assertThat(run("verify", file(), "--against", HELLO, "--max-entries=31")).as(err()).isZero();
    assertThat(run("verify", file(), "--against", HELLO, "--max-entries=30")).isOne();
    assertThat(err()).contains("found 31; --max-entries allows more");
  }

  @ParameterizedTest
  @CsvSource({
    "--max-entries, 0, '1 to 1152921504606846976'",
    "--max-entries, 1K, '1 to 1152921504606846976'",
    "--max-entries, -1, '1 to 1152921504606846976'",
    "--max-entries, '', '1 to 1152921504606846976'",
    "--max-bytes, 1X, 1 to 1048576T",
    "--max-bytes, 1048577T, 1 to 1048576T",
    "--max-bytes, 99999999999999999999, 1 to 1048576T",
    "--max-path-length, 4096, 1 to 4095",
    "--max-manifest-size, 1G, 1 to 256M",
  })
  void whatIsNoAmountIsMisuse(String option, String value, String expected) {
    assertThat(run("convert", HELLO, "-o", file(), option + "=" + value)).isEqualTo(2);
    assertThat(err())
        .startsWith("daxconv: " + option + ": expected " + expected + ", found " + value)
        .hasLineCount(1);
  }

  @ParameterizedTest
  @EnumSource(Budget.class)
  void theHelpNamesEachWithItsDefault(Budget budget) {
    for (String command : new String[] {"convert", "verify"}) {
      out.reset();
      assertThat(run(command, "--help")).isZero();
      assertThat(out.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " "))
          .contains("What an image may take (BYTES may end in K, M, G or T):")
          .containsPattern(
              BudgetOptions.name(budget)
                  + "=(N|BYTES) "
                  + budget.what()
                  + " \\(default: [0-9]+[KMGT]?\\)");
    }
  }

  @Test
  void whereNoMoreCanBeAllowedNothingIsAdvised() {
    assertThat(run("convert", HELLO, "-q", "-o", file(), "--max-xattr-bytes=129M")).isEqualTo(2);
    assertThat(err()).contains("--max-xattr-bytes: expected 1 to 128M, found 129M");
  }

  @Test
  void verboseAddsWhereItWas() {
    assertThat(run("convert", HELLO, "--verbose", "-o", file(), "--max-layers=1")).isOne();
    assertThat(err()).contains("io.daxconv.converter.BudgetException").contains("\tat ");
    err.reset();
    assertThat(run("--verbose", "convert", HELLO, "-o", file(), "--max-layers=1")).isOne();
    assertThat(err()).contains("\tat ");
  }
}

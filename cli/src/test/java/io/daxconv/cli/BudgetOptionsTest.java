package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.Budget;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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

package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a terminal shows of a batch under way. */
final class BatchSummaryTest {
  @Test
  void aNarrowTerminalShowsWhatIsLeft() {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            () -> false,
            new PrintStream(written, true, StandardCharsets.UTF_8),
            InputStream.nullInputStream(),
            Map.of(),
            () -> new Screen(24, 60));
    try (BatchSummary summary = new BatchSummary(streams, false, 12_000)) {
      summary.begin("registry.example.org/app:1");
      summary.end(
          new BatchOutcome(
              "registry.example.org/app:1",
              BatchOutcome.Status.DONE,
              "sha256:0",
              "app",
              null,
              5L << 40,
              1000L << 30,
              10,
              null));
    }
    assertThat(written.toString(StandardCharsets.UTF_8))
        .containsPattern("1 done, 0 skipped, 0 failed, 11999 left, about \\d+:\\d\\d:\\d\\d")
        .containsPattern(" a second, 1000\\.0 GiB not downloaded again");
  }
}

package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.TarLayer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final String LABEL = "layer %d of 2 (sha256:0123456789ab)";

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static Transfer transfer(String label, String verb, long total, long done) {
    Transfer transfer = new Transfer(label, verb, total);
    transfer.reach(done);
    return transfer;
  }

  private static TarLayer layer(int number) {
    return new TarLayer(
        LABEL.formatted(number), null, -1, null, () -> InputStream.nullInputStream());
  }

  @Test
  void aLineALayerInColumns() {
    assertThat(
            Transfer.lines(
                List.of(
                    transfer(LABEL.formatted(1), "fetching", 28416410, 12897485),
                    transfer("tar:-", "reading", -1, 2048))))
        .containsExactly(
            "layer 1 of 2  fetching   45%  12.3 of 27.1 MiB", "tar:-         reading   2.0 KiB");
  }

  @Test
  void longNamesAndWrongTotalsStayInTheirColumns() {
    assertThat(Transfer.lines(List.of(transfer("tar:/" + "x".repeat(50), "reading", 10, 99))))
        .containsExactly("tar:/" + "x".repeat(24) + "...  reading   100%  99 of 10 bytes");
  }

  @Test
  void plainLinesWithoutATerminal() {
    try (Progress progress =
        new Progress(new PrintStream(err, true, StandardCharsets.UTF_8), null)) {
      tell(progress);
    }

    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("trying again: slow\n" + LABEL.formatted(1) + ": 9 bytes, 1 entry\n");
  }

  @Test
  void finishedLayersStayAboveThoseUnderWayAndNothingElseStays() {
    try (Progress progress =
        new Progress(
            new PrintStream(err, true, StandardCharsets.UTF_8), () -> new Screen(24, 80))) {
      tell(progress);
    }

    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("layer 1 of 2  reading   9 bytes\033[K\n")
        .contains("\033[2A" + LABEL.formatted(1) + ": 9 bytes, 1 entry\033[K\n")
        .endsWith("layer 2 of 2  fetching   50%  5 of 10 bytes\033[K\n\033[J\r\033[1A\033[J");
  }

  private static void tell(Progress progress) {
    Digest digest = Digest.of(Digest.Algorithm.SHA256, Digest.Algorithm.SHA256.newHash());
    progress.blobStarted(LABEL.formatted(2), digest, 10);
    progress.blobProgress(digest, 5);
    progress.layerStarted(layer(2), 1, 10);
    progress.layerProgress(1, 5);
    progress.layerStarted(layer(1), 0, -1);
    progress.layerProgress(0, 9);
    progress.retrying("slow");
    progress.layerFinished(0, 9, 9, 1);
  }

  @Test
  void aTerminalThatDoesNotTellIsAsLargeAsTheEnvironmentSays() {
    assertThat(Terminal.assumed(Map.of("COLUMNS", "132", "LINES", "0")))
        .isEqualTo(new Screen(24, 132));
    assertThat(Terminal.assumed(Map.of("COLUMNS", "wide"))).isEqualTo(new Screen(24, 80));
  }
}

package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal of a batch, which only one process at a time has open. */
@RequiresTools("python3")
final class BatchJournalTest {
  @TempDir private Path directory;

  /** Asks in another process, which sees what this one's Java virtual machine does not. */
  private static boolean isLocked(Path file) throws IOException, InterruptedException {
    String ask =
        "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+'), fcntl.LOCK_EX | fcntl.LOCK_NB)";
    Process python =
        new ProcessBuilder("python3", "-c", ask, file.toString()).redirectErrorStream(true).start();
    String said =
        new String(python.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    int exit = python.waitFor();
    assertThat(exit == 0 || said.contains("BlockingIOError")).as(said).isTrue();
    return exit != 0;
  }

  @Test
  void otherProcessesFindItLockedUntilItIsClosed() throws Exception {
    Path file = directory.resolve("journal");
    for (String key : new String[] {"first", "second"}) {
      try (BatchJournal journal = BatchJournal.open(file)) {
        assertThat(isLocked(file)).isTrue();
        journal.add(key, Json.object().put("size", 5));
        assertThat(isLocked(file)).isTrue();
      }
      assertThat(isLocked(file)).isFalse();
    }
    try (BatchJournal journal = BatchJournal.open(file)) {
      assertThat(Objects.requireNonNull(journal.find("first")).path("size").asInt()).isEqualTo(5);
    }
    assertThat(Files.readAllLines(file)).hasSize(2);
  }
}

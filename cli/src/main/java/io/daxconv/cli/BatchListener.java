package io.daxconv.cli;

import io.daxconv.oci.SourceListener;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What registries tell while a batch is at work: warnings, each once however many images they come
 * with, and requests that are made again. Blobs are the summary's to count.
 */
final class BatchListener implements SourceListener {
  private final PrintStream err;
  private final boolean quiet;
  private final Set<String> warnings = new HashSet<>();
  private @Nullable BatchSummary summary;

  BatchListener(PrintStream err, boolean quiet) {
    this.err = err;
    this.quiet = quiet;
  }

  /** From now on there is a summary, which lines go above. */
  synchronized void above(BatchSummary below) {
    summary = below;
  }

  @Override
  public synchronized void warned(String warning) {
    if (warnings.add(warning)) {
      tell("warning: " + warning);
    }
  }

  @Override
  public synchronized void retrying(String reason) {
    tell("trying again: " + reason);
  }

  private void tell(String text) {
    String shown = ErrorLine.oneLine(text);
    BatchSummary below = summary;
    if (below != null) {
      below.line(shown);
    } else if (!quiet) {
      err.println(shown);
    }
  }
}

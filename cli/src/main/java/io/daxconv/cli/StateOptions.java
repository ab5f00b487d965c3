package io.daxconv.cli;

import io.daxconv.converter.running.StateDirectory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where commands find what others have carried out. */
final class StateOptions {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "where it is recorded what is up (default: /run/daxconv/.state)")
  private @Nullable Path state;

  StateDirectory directory() {
    return new StateDirectory(state == null ? StateDirectory.DEFAULT : state);
  }
}

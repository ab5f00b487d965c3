package io.daxconv.cli;

import io.daxconv.converter.load.LoadOptions;
import io.daxconv.converter.load.LoadTarget;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where an image is mounted from memory, and where that is noted. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LoadArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--mount",
      paramLabel = "DIR",
      description = "the directory where it is mounted, read-only")
  private @Nullable Path mount;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "where daxconv notes what is loaded (default: /run/daxconv/load)")
  private Path state = LoadOptions.STATE;

  LoadOptions options() {
    return new LoadOptions(
        mount == null ? null : mount.toAbsolutePath().normalize(), state.toAbsolutePath());
  }

  /** A target from its text. */
  LoadTarget target(String text) {
    try {
      return LoadTarget.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
